import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { keySourceId, type RemoteKeySource } from '@meshwise/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConnectInside } from './http-get.ts';
import { KeySetFetcher } from './key-set-fetcher.ts';

const keySet = (id: string) => JSON.stringify({ keys: [{ kty: 'RSA', kid: id, n: 'x', e: 'AQAB' }] });

let directory: string;
let server: Server;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: string[];
const fetchers: KeySetFetcher[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'meshwise-keys-'));
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const fetcher of fetchers.splice(0)) {
    fetcher.close();
    await fetcher.written();
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

interface Result {
  readonly keys?: string;
  readonly problem?: string;
}

async function start(connectInside?: ConnectInside) {
  const results = new Map<string, Result>();
  const fetcher = new KeySetFetcher({
    file: join(directory, 'key-sets.json'),
    clock: systemClock,
    logger: silentLogger,
    onResult: (id, result) => results.set(id, result),
    ...(connectInside === undefined ? {} : { connectInside }),
  });
  fetchers.push(fetcher);
  await fetcher.load();
  const result = (source: RemoteKeySource) => results.get(keySourceId(source));
  return { fetcher, result };
}

const uri = (path = '/keys'): RemoteKeySource => ({ kind: 'uri', uri: `${origin}${path}` });
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

describe('keys of an issuer', () => {
  test('are fetched from the address that is given', async () => {
    answer = (_, response) => response.end(keySet('one'));
    const { fetcher, result } = await start();
    fetcher.follow([uri()]);
    await eventually(() => expect(result(uri())).toEqual({ keys: keySet('one') }));
  });

  test('are found by the configuration of the issuer', async () => {
    const source: RemoteKeySource = { kind: 'discovery', issuer: `${origin}/tenant/` };
    answer = ({ url }, response) =>
      response.end(
        url === '/found' ? keySet('one') : JSON.stringify({ issuer: `${origin}/tenant/`, jwks_uri: `${origin}/found` }),
      );
    const { fetcher, result } = await start();
    fetcher.follow([source]);
    await eventually(() => expect(result(source)).toEqual({ keys: keySet('one') }));
    expect(asked).toEqual(['/tenant/.well-known/openid-configuration', '/found']);
  });

  test('are not taken from the configuration of another issuer', async () => {
    const source: RemoteKeySource = { kind: 'discovery', issuer: origin };
    answer = (_, response) => response.end(JSON.stringify({ issuer: 'https://other', jwks_uri: `${origin}/found` }));
    const { fetcher, result } = await start();
    fetcher.follow([source]);
    await eventually(() => expect(result(source)?.problem).toContain('configuration of https://other'));
    expect(result(source)?.keys).toBeUndefined();
  });

  test('that cannot be had are told of without passwords, and without what a terminal would obey', async () => {
    const issuer = origin.replace('://', '://user:secret@');
    const source: RemoteKeySource = { kind: 'discovery', issuer };
    const evil = `\u001b[2J${'x'.repeat(5_000)}`;
    for (const [configuration, reason] of [
      [{ issuer: evil }, 'configuration of \\u001b[2Jxxx'],
      [{ issuer, jwks_uri: evil }, 'no http or https address'],
      [{ issuer: {} }, 'configuration of nobody'],
    ] as const) {
      answer = (_, response) => response.end(JSON.stringify(configuration));
      const { fetcher, result } = await start();
      fetcher.follow([source]);
      await eventually(() => expect(result(source)?.problem).toContain(reason));
      const { problem = '' } = result(source) ?? {};
      expect(problem.length).toBeLessThan(500);
      for (const hidden of ['secret', '\u001b']) expect(problem).not.toContain(hidden);
    }
  });

  test('are asked for with the timeout that was written last, and with one that no timer can count', async () => {
    answer = (_, response) => void (asked.length === 1 ? response.writeHead(503).end() : undefined);
    const { fetcher, result } = await start();
    fetcher.follow([{ ...uri(), timeoutMs: 366 * 24 * 3_600_000 } as RemoteKeySource]);
    await eventually(() => expect(result(uri())?.problem).toContain('answers 503'));
    fetcher.follow([{ ...uri(), timeoutMs: 50 } as RemoteKeySource]);
    await eventually(() => expect(result(uri())?.problem).toContain('within 50 ms'));
  });

  test.each([
    ['a failure', (response: ServerResponse) => response.writeHead(500).end(), 'answers 500'],
    ['something else', (response: ServerResponse) => response.end('<html>'), 'no key set'],
    ['too much', (response: ServerResponse) => response.end(' '.repeat(2_000_000)), 'longer than'],
    [
      'a redirect that never ends',
      (response: ServerResponse) => response.writeHead(302, { location: '/again' }).end(),
      'redirects more than',
    ],
    [
      'a redirect to a file',
      (response: ServerResponse) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'no http or https address',
    ],
  ])('are not known while the answer is %s, and it says so', async (_, respond, reason) => {
    answer = (_request, response) => void respond(response);
    const { fetcher, result } = await start();
    fetcher.follow([uri()]);
    await eventually(() => expect(result(uri())?.problem).toContain(reason));
    expect(result(uri())?.keys).toBeUndefined();
  });

  test('come once the issuer is there', async () => {
    answer = (_, response) => (asked.length === 1 ? response.writeHead(503).end() : response.end(keySet('late')));
    const { fetcher, result } = await start();
    fetcher.follow([uri()]);
    await eventually(() => expect(result(uri())).toEqual({ keys: keySet('late') }));
  });

  test('are known to the next daemon while the issuer is down, in a file for their owner alone', async () => {
    answer = (_, response) => response.end(keySet('kept'));
    const first = await start();
    first.fetcher.follow([uri()]);
    await eventually(() => expect(first.result(uri())?.keys).toBe(keySet('kept')));
    await first.fetcher.written();
    first.fetcher.close();
    expect((await stat(join(directory, 'key-sets.json'))).mode & 0o777).toBe(0o600);

    answer = (_, response) => void response.writeHead(503).end();
    const { fetcher, result } = await start();
    fetcher.follow([uri()]);
    expect(result(uri())).toEqual({ keys: keySet('kept') });
    await eventually(() => expect(result(uri())).toMatchObject({ keys: keySet('kept'), problem: expect.any(String) }));
  });

  test('are taken back by an issuer that answers with none, for the next daemon too', async () => {
    answer = (_, response) => response.end(keySet('stolen'));
    const first = await start();
    first.fetcher.follow([uri()]);
    await eventually(() => expect(first.result(uri())?.keys).toBe(keySet('stolen')));
    await first.fetcher.written();
    first.fetcher.close();

    answer = (_, response) => response.end(JSON.stringify({ keys: [{ kty: 'oct', k: 'secret' }] }));
    const second = await start();
    second.fetcher.follow([uri()]);
    await eventually(() => expect(second.result(uri())).toEqual({ problem: expect.stringContaining('no key') }));
    await second.fetcher.written();
    second.fetcher.close();

    answer = (_, response) => void response.writeHead(503).end();
    const { fetcher, result } = await start();
    fetcher.follow([uri()]);
    await eventually(() => expect(result(uri())).toEqual({ problem: expect.stringContaining('answers 503') }));
  });

  test('are forgotten with the last policy that names them', async () => {
    answer = (_, response) => response.end(keySet('one'));
    const { fetcher, result } = await start();
    fetcher.follow([uri()]);
    await eventually(() => expect(result(uri())?.keys).toBeDefined());
    fetcher.follow([]);
    expect(result(uri())).toEqual({});
  });

  test('of an issuer inside the mesh come by the way that leads there', async () => {
    answer = ({ headers }, response) => void response.end(headers.host === 'issuer.shop:8080' ? keySet('in') : '');
    const { port } = server.address() as AddressInfo;
    const source: RemoteKeySource = { kind: 'uri', uri: 'http://issuer.shop:8080/keys' };
    const ways: string[] = [];
    const { fetcher, result } = await start(async (host, asPort) => {
      ways.push(`${host}:${asPort}`);
      return connect(port, '127.0.0.1');
    });
    fetcher.follow([source]);
    await eventually(() => expect(result(source)).toEqual({ keys: keySet('in') }));
    expect(ways).toEqual(['issuer.shop:8080']);
  });
});
