import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTunnel } from './tunnel.ts';

let directory: string;
let path: string;
let server: Server | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tunnel-'));
  path = join(directory, 's');
});
afterEach(async () => {
  server?.close();
  await rm(directory, { recursive: true, force: true });
});

function serve(onConnection: (socket: Socket) => void): Promise<void> {
  return new Promise((resolve) => {
    server = createServer(onConnection);
    server.listen(path, resolve);
  });
}

describe('a tunnel to a program', () => {
  it('gives a raw connection, with whatever came right behind the answer', async () => {
    await serve((socket) =>
      socket.once('data', (request) => {
        expect(request.toString()).toBe('CONNECT 127.0.0.1:9080 HTTP/1.1\r\nHost: 127.0.0.1:9080\r\n\r\n');
        socket.write('HTTP/1.1 200 OK\r\nserver: envoy\r\n\r\nhello');
        socket.on('data', (data) => socket.write(data));
      }),
    );
    const tunnel = await openTunnel(path, '127.0.0.1:9080', 2_000);
    if (typeof tunnel === 'string') throw new Error(tunnel);
    expect(tunnel.head.toString()).toBe('hello');
    const echoed = new Promise((resolve) => tunnel.socket.once('data', (data) => resolve(data.toString())));
    tunnel.socket.write('ping');
    expect(await echoed).toBe('ping');
    tunnel.socket.destroy();
  });

  it.each([
    ['the proxy answers 503, since nobody listens behind it', 'HTTP/1.1 503 Service Unavailable\r\n\r\n'],
    ['the answer is not HTTP', 'garbage\r\n\r\n'],
    ['the answer never ends', 'x'.repeat(10_000)],
  ])('is refused when %s', async (_case, answer) => {
    await serve((socket) => socket.end(answer));
    expect(await openTunnel(path, '127.0.0.1:1', 2_000)).toBe('refused');
  });

  it('is refused when the proxy says nothing for too long', async () => {
    await serve(() => {});
    expect(await openTunnel(path, '127.0.0.1:1', 50)).toBe('refused');
  });

  it('says that there is no proxy when its socket is missing or dead', async () => {
    expect(await openTunnel(path, '127.0.0.1:1', 500)).toBe('no-proxy');
  });
});
