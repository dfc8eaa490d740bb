import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { generateLoad } from './load.ts';

const servers: Server[] = [];

/** A program that stands still once, for so long, at its `at`th request. */
async function program(stall: { readonly at: number; readonly forMs: number }): Promise<number> {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    const answer = () => response.writeHead(200, { 'content-length': 0 }).end();
    if (requests === stall.at) setTimeout(answer, stall.forMs);
    else answer();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const target = (port: number) => ({ host: '127.0.0.1', port, path: '/', authority: 'app' });

describe('load at a rate', () => {
  test('sends every request that was meant to be sent', async () => {
    const port = await program({ at: 0, forMs: 0 });
    const result = await generateLoad({ target: target(port), connections: 4, durationMs: 400, ratePerS: 200 });
    expect(result).toMatchObject({ completed: 80, errors: 0 });
  });

  test('counts the wait of requests behind a slow one, from when they were meant to be sent', async () => {
    const port = await program({ at: 20, forMs: 300 });
    const result = await generateLoad({ target: target(port), connections: 1, durationMs: 500, ratePerS: 200 });
    // One connection: 60 of 100 requests fall due during the stall, so the median tells of it and errors do not.
    expect(result.queued).toBeGreaterThan(40);
    expect(result.completed).toBe(100);
    expect(result.latency.p90).toBeGreaterThan(150);
  });
});

describe('load without a rate', () => {
  test('has one request at a time on each connection and goes on to the end', async () => {
    const port = await program({ at: 0, forMs: 0 });
    const result = await generateLoad({ target: target(port), connections: 2, durationMs: 200 });
    expect(result.errors).toBe(0);
    expect(result.completed).toBeGreaterThan(10);
    expect(result.elapsedMs).toBeGreaterThanOrEqual(200);
  });
});
