import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadInputs } from '../testing/load-inputs.ts';
import { completePlan } from './complete-plan.ts';
import { describePlan } from './describe-plan.ts';
import type { LoadInput } from './input.ts';

const PEM = { certificate: '-----BEGIN CERTIFICATE-----', key: '-----BEGIN PRIVATE KEY-----' };

function wordsOf(input: LoadInput, target = 'http://127.0.0.1:9080/productpage'): string[] {
  return describePlan(completePlan(input, target, { cores: 4, seed: 7 }));
}

describe('a plan in words', () => {
  it('says what will happen as a person would, the most important first', () => {
    expect(wordsOf({ rps: 2_000, durationMs: 60_000 })).toEqual([
      'Open loop: 2,000 requests per second, evenly spaced, for 1 min, so 120,000 requests',
      'Before that a warm-up of 2 s, which is not part of the result',
      'GET http://127.0.0.1:9080/productpage',
      'HTTP/1.1 without TLS',
      '16 connections, opened one after the other before the first request, kept open',
      'A connection that is not open after 5 s is an error, and so is an answer that takes longer than 10 s',
      'While all connections are busy up to 20,000 requests wait, and their wait counts; more are dropped',
      'Errors and slow answers do not end it',
      'Any status below 400 counts as a good answer; what an answer says is not looked at',
    ]);
  });

  const ramp = { durationMs: 30_000, fromRps: 100, toRps: 500 };
  const flat = { durationMs: 60_000, fromRps: 500, toRps: 500 };
  it.each<[string, LoadInput, string?]>([
    [
      'Open loop, at random times (Poisson), for 1 min 30 s, so about 39,000 requests: from 100 to 500 requests per second in 30 s, then 500 requests per second for 1 min',
      { stages: [ramp, flat], arrivals: 'poisson' },
    ],
    ['What is random is the same again with the seed 7', { arrivals: 'poisson' }],
    ['Closed loop: each connection sends its next request after the last answer, for 10 s', { rps: 'max' }],
    [
      'Closed loop: each connection keeps 8 requests under way, a new one after each answer, in all no faster than 1 request per second, for 10 s',
      { closed: true, rps: 1, protocol: 'http2' },
    ],
    ['HTTP/2 without TLS, by prior knowledge, up to 8 requests at once on a connection', { protocol: 'http2' }],
    [
      '1 connection, opened before the first request, a new one for every request',
      { connections: 1, keepAlive: false },
    ],
    ['16 connections, opened all at one moment, kept open', { burst: true }],
    ['Ends after 3 requests, if it comes to that', { rps: 'max', maxRequests: 3 }],
    ['Open loop: 100 requests per second, evenly spaced, for 30 ms, so 3 requests', { maxRequests: 3 }],
    ['No warm-up: the first requests, with everything cold, are part of the result', { warmUpMs: 0 }],
    [
      "HTTP/1.1 with TLS, and the server's certificate is not verified",
      { tls: { verify: false } },
      'https://shop.test/',
    ],
    [
      'HTTP/1.1 with TLS, asking for shop, with a client certificate',
      { tls: { ...PEM, serverName: 'shop' } },
      'https://1.1.1.1/',
    ],
    [
      'shop.test:443 is taken to be at ::1',
      { resolve: [{ host: 'shop.test', port: 443, address: '::1' }] },
      'https://shop.test/',
    ],
    ['By the Unix socket /run/a.sock, whatever the URL says', { unixSocketPath: '/run/a.sock' }],
    [
      'The status OK counts as a good answer; what an answer says is not looked at',
      { protocol: 'grpc' },
      'http://h/a.B/C',
    ],
    ['Ends early when over 5 s more than 5 % of the requests fail', { abort: { errorPercent: 5 } }],
    [
      'Ends early when over 2 s more than 0 % of the requests fail, or the 99th percentile of response times is above 500 ms',
      { abort: { errorPercent: 0, responseP99Ms: 500, windowMs: 2_000 } },
    ],
    ['Sent by 2 processes, each with its share', { workers: 2 }],
    ['2 kinds of requests, drawn at random:', { requests: [{}, { path: '/b' }] }],
    ['25 % GET http://h/b', { requests: [{ weight: 3 }, { path: '/b' }] }, 'http://h/'],
    [
      'POST http://h/ with 2 headers (a and b) and a body of 2 bytes',
      {
        requests: [
          {
            headers: [
              ['a', '1'],
              ['b', '2'],
            ],
            body: { encoding: 'base64', content: 'AAE=' },
          },
        ],
      },
      'http://h/',
    ],
  ])('says “%s”', (line, input, target) => {
    expect(wordsOf(input, target)).toContain(line);
  });

  it('counts what nobody would read to its end', () => {
    const requests = Array.from({ length: 9 }, (_, at) => ({ path: `/${at}` }));
    const words = wordsOf({ requests, stages: Array(40).fill(flat) });
    expect(words).toContain('and 4 kinds more');
    expect(words[0]).toMatch(/, and 34 stages more$/);
  });

  it('has a whole sentence for everything, of any plan', () => {
    fc.assert(
      fc.property(loadInputs, (input) => {
        for (const line of wordsOf(input)) {
          expect(line.trim()).toBe(line);
          expect(line).not.toMatch(/undefined|NaN|null|object|Infinity|\b1 (requests|connections|headers)\b| {2}/);
        }
      }),
    );
  });
});
