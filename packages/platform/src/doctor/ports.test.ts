import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findPortHolder, listeningInodes } from './port-holder.ts';
import { type PortReaders, portCheck } from './ports.ts';
import { procReaders, tryToListen } from './system-readers.ts';
import { findingOf } from './testing.ts';

const gateway = { port: 8080, purpose: 'gateway', changedBy: '--gateway-port' };

function readers(answer: string, holder?: { pid: number; command: string }, ownPid?: number): PortReaders {
  return {
    tryToListen: async () => answer,
    holderOf: async () => holder,
    ownPids: new Set(ownPid === undefined ? [] : [ownPid]),
  };
}

describe('a port', () => {
  const holder = { pid: 4711, command: 'java -jar app.jar' };
  test.each([
    ['free', readers('free'), 'ok', 'free'],
    ['held by a known process', readers('EADDRINUSE', holder), 'failed', 'in use by pid 4711: java -jar app.jar'],
    ['held by this Meshwise', readers('EADDRINUSE', holder, 4711), 'ok', 'held by this Meshwise (pid 4711)'],
    ['held by somebody else', readers('EADDRINUSE'), 'failed', 'in use by a process that cannot be seen'],
    ['reserved for root', readers('EACCES'), 'failed', 'not allowed to this user'],
    ['in an unknown state', readers('EMFILE'), 'unknown', 'EMFILE'],
  ])('%s', async (_what, given, status, found) => {
    const finding = await findingOf(portCheck(gateway, given));
    expect(finding).toMatchObject({ status, found });
    if (status === 'failed') expect(finding.advice).toContain('--gateway-port');
  });

  test('that this process listens on is seen as taken, with its pid', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await tryToListen(port)).toBe('EADDRINUSE');
    if (process.platform === 'linux') {
      expect(await findPortHolder(port, procReaders)).toMatchObject({ pid: process.pid });
    }
    await new Promise((resolve) => server.close(resolve));
    expect(await tryToListen(port)).toBe('free');
  });
});

describe('the holder of a port', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0',
    '   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0 20 4 30 10 -1',
    '   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0 100 0 0 10 0',
    '',
  ].join('\n');

  test('is told by the listening socket, not by a connection from the port', () => {
    expect(listeningInodes(table, 8080)).toEqual(['111']);
    expect(listeningInodes(table, 80)).toEqual(['333']);
    expect(listeningInodes(table, 443)).toEqual([]);
    expect(listeningInodes('', 80)).toEqual([]);
  });

  test('is found by its descriptors and named by its command', async () => {
    const files: Record<string, string> = {
      '/proc/net/tcp': table,
      '/proc/42/cmdline': 'nginx\0-g\0daemon off;\0more\0',
    };
    const directories: Record<string, string[]> = {
      '/proc': ['1', '42', 'net'],
      '/proc/1/fd': ['0'],
      '/proc/42/fd': ['0', '7'],
    };
    const links: Record<string, string> = { '/proc/1/fd/0': 'socket:[1111]', '/proc/42/fd/7': 'socket:[111]' };
    const fake = {
      readText: async (path: string) => files[path],
      listDirectory: async (path: string) => directories[path] ?? [],
      readLink: async (path: string) => links[path],
    };
    expect(await findPortHolder(8080, fake)).toEqual({ pid: 42, command: 'nginx -g daemon off;' });
    expect(await findPortHolder(80, fake)).toBeUndefined();
  });
});
