import { MeshwiseError } from '@meshwise/core';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { loadInputs } from '../testing/load-inputs.ts';
import { completePlan } from './complete-plan.ts';
import type { LoadInput } from './input.ts';
import { LoadPlan } from './plan.ts';

const HTTP = 'http://127.0.0.1:1234/start';
const HTTPS = 'https://shop.test/';
const OPTIONS = { cores: 4, seed: 7 };
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n';

describe('a completed plan', () => {
  it('has every default written out', () => {
    expect(completePlan({}, `${HTTP}#top`, OPTIONS)).toEqual({
      protocol: 'http1',
      requests: [{ weight: 1, method: 'GET', url: HTTP, headers: [], body: null }],
      pace: { kind: 'open', arrivals: 'constant', stages: [{ durationMs: 10_000, fromRps: 100, toRps: 100 }] },
      maxRequests: null,
      warmUpMs: 2_000,
      connections: {
        count: 16,
        streamsPerConnection: 1,
        burst: false,
        requestsPerConnection: null,
        connectTimeoutMs: 5_000,
        unixSocketPath: null,
        resolve: [],
      },
      tls: null,
      timeoutMs: 10_000,
      workers: 1,
      seed: 7,
      abort: { errorPercent: null, responseP99Ms: null, windowMs: 5_000 },
      maxBacklog: 1_000,
      maxHeadBytes: 65_536,
      maxBodyBytes: 67_108_864,
    });
  });

  it('fits the schema and says the same a second time, whatever was asked for (000-89…96)', () => {
    fc.assert(
      fc.property(loadInputs, (input) => {
        const plan = completePlan(input, HTTP, OPTIONS);
        expect(Value.Check(LoadPlan, plan)).toBe(true);
        expect(completePlan(input, HTTP, OPTIONS)).toEqual(plan);
      }),
    );
  });

  it.each<[string, LoadInput, object]>([
    ['takes few connections for few requests', { rps: 3 }, { connections: { count: 3 } }],
    ['takes few connections when few are asked for', { maxRequests: 2 }, { connections: { count: 2 }, warmUpMs: 0 }],
    ['takes streams with HTTP/2', { protocol: 'http2' }, { connections: { count: 4, streamsPerConnection: 8 } }],
    ['takes workers for a rate', { rps: 50_000 }, { workers: 3, maxBacklog: 500_000 }],
    ['leaves one core to others', { rps: 500_000 }, { workers: 3 }],
    [
      'has a closed loop without a cap for max',
      { rps: 'max' },
      { pace: { kind: 'closed', maxRps: null }, maxBacklog: 0 },
    ],
    [
      'has a closed loop with a cap',
      { closed: true, rps: 50 },
      { pace: { kind: 'closed', maxRps: 50, durationMs: 10_000 } },
    ],
    [
      'replaces connections after each request',
      { keepAlive: false },
      { connections: { requestsPerConnection: { min: 1, max: 1 } } },
    ],
    [
      'has no warm-up where the load begins with none',
      { stages: [{ durationMs: 9_000, fromRps: 0, toRps: 9 }] },
      { warmUpMs: 0 },
    ],
    ['judges a short run by its whole seconds', { durationMs: 3_500 }, { abort: { windowMs: 3_000 } }],
    [
      'posts what has a body',
      { requests: [{ body: { encoding: 'utf8', content: 'x' } }] },
      { requests: [{ method: 'POST' }] },
    ],
    ['resolves paths', { requests: [{ path: '../a?b=c#d' }] }, { requests: [{ url: 'http://127.0.0.1:1234/a?b=c' }] }],
    [
      'takes blanks off values',
      { requests: [{ headers: [['a', ' b\t']] }] },
      { requests: [{ headers: [['a', 'b']] }] },
    ],
  ])('%s', (_, input, expected) => {
    expect(completePlan(input, HTTP, OPTIONS)).toMatchObject(expected);
  });

  it('verifies the server, with the client certificate that was given', () => {
    const tls = { certificate: CERTIFICATE, key: KEY };
    expect(completePlan({ tls }, HTTPS, OPTIONS).tls).toEqual({ verify: true, ca: null, ...tls, serverName: null });
    const grpc = completePlan({ protocol: 'grpc' }, `${HTTPS}shop.v1.Cart/Add`, OPTIONS);
    expect(grpc.requests[0]?.method).toBe('POST');
  });

  const step = { durationMs: 1_000, fromRps: 5, toRps: 5 };
  it.each<[string, LoadInput, string?]>([
    ['target', {}, 'ftp://127.0.0.1/'],
    ['target', {}, 'shop'],
    ['target', {}, 'http://me:secret@127.0.0.1/'],
    ['timeoutMs', { timeoutMs: 0 }],
    ['rps', { rps: 2_000_001 }],
    ['rps', { closed: true, rps: 2_000_001 }],
    ['rps', { rps: 1, stages: [step] }],
    ['rps', { rps: 0.0001, durationMs: 0 }],
    ['maxRequests', { rps: 100_000, maxRequests: 50 }],
    ['durationMs', { durationMs: 5_000, stages: [step] }],
    ['stages', { stages: [{ ...step, fromRps: 0, toRps: 0 }] }],
    ['stages', { stages: [step, { ...step, durationMs: 86_400_000 }] }],
    ['stages[1].durationMs', { stages: [step, { ...step, durationMs: 0 }] }],
    ['stages', { rps: 'max', stages: [step] }],
    ['arrivals', { closed: true, arrivals: 'poisson' }],
    ['maxBacklog', { closed: true, maxBacklog: 5 }],
    ['warmUpMs', { durationMs: 86_400_000 }],
    ['warmUpMs', { warmUpMs: 5, stages: [{ ...step, fromRps: 0 }] }],
    ['streamsPerConnection', { streamsPerConnection: 2 }],
    ['connectTimeoutMs', { connectTimeoutMs: 0 }],
    ['requestsPerConnection', { requestsPerConnection: { min: 3, max: 2 } }],
    ['requestsPerConnection', { keepAlive: false, requestsPerConnection: { min: 1, max: 2 } }],
    ['unixSocketPath', { unixSocketPath: 'a.sock' }],
    ['unixSocketPath', { unixSocketPath: `/${'ü'.repeat(54)}` }],
    ['resolve', { unixSocketPath: '/a.sock', resolve: [{ host: '127.0.0.1', port: null, address: '127.0.0.2' }] }],
    ['resolve[0].address', { resolve: [{ host: '127.0.0.1', port: null, address: 'shop' }] }],
    ['resolve[0].address', { resolve: [{ host: '127.0.0.1', port: null, address: '127.0.0.256' }] }],
    ['resolve[0].host', { resolve: [{ host: 'shop', port: null, address: '::1' }] }],
    ['resolve[0].host', { resolve: [{ host: '127.0.0.1', port: 80, address: '::1' }] }],
    ['workers', { workers: 3, connections: 2 }],
    ['abort.windowMs', { abort: { windowMs: 999 } }],
    ['abort.windowMs', { abort: { windowMs: 11_000 } }],
    ['tls', { tls: { verify: false } }],
    ['tls.certificate', { tls: { key: KEY } }, HTTPS],
    ['tls.key', { tls: { certificate: CERTIFICATE } }, HTTPS],
    ['tls.ca', { tls: { ca: KEY } }, HTTPS],
    ['requests[0].path', { requests: [{ path: 'http://elsewhere.test/' }] }],
    ['requests[0].path', { requests: [{ path: '//elsewhere.test/' }] }],
    ['requests[0].path', { requests: [{ path: 'https://127.0.0.1:1234/' }] }],
    ['requests[0].path', { protocol: 'grpc', requests: [{ path: '/Cart' }] }],
    ['requests[0].path', { protocol: 'grpc', requests: [{ path: '/shop.Cart/Add?a=b' }] }],
    ['requests[0].method', { protocol: 'grpc', requests: [{ method: 'GET', path: '/shop.Cart/Add' }] }],
    ['requests[0].method', { requests: [{ method: 'CONNECT' }] }],
    [
      'requests[1].headers[1]',
      {
        requests: [
          {},
          {
            headers: [
              ['a', 'b'],
              ['a', 'b\r\nc: d'],
            ],
          },
        ],
      },
    ],
    ['requests[0].headers[0]', { requests: [{ headers: [['a b', '']] }] }],
    ['requests[0].headers[0]', { requests: [{ headers: [['a', '€']] }] }],
    ['requests[0].headers[0]', { requests: [{ headers: [['Content-Length', '3']] }] }],
    ['requests[0].headers[0]', { protocol: 'http2', requests: [{ headers: [['Connection', 'close']] }] }],
    ['requests[0].body.content', { requests: [{ body: { encoding: 'base64', content: 'AA=' } }] }],
  ])('is refused at %s for %j', (field, input, url = HTTP) => {
    const refusal = refusalOf(() => completePlan(input, url, OPTIONS));
    expect(refusal).toMatchObject({ code: 'MW8001', details: { field } });
  });

  it('never shows credentials when it is refused', () => {
    const headers: [string, string][] = [['authorization', 'Bearer secret\n']];
    const refusals = [
      refusalOf(() => completePlan({ requests: [{ headers }] }, HTTP, OPTIONS)),
      refusalOf(() => completePlan({ tls: { key: 'secret', certificate: CERTIFICATE } }, HTTPS, OPTIONS)),
      refusalOf(() => completePlan({}, 'http://me:secret@127.0.0.1/', OPTIONS)),
    ];
    for (const refusal of refusals) expect(JSON.stringify(refusal)).not.toContain('secret');
  });
});

function refusalOf(call: () => unknown): MeshwiseError | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof MeshwiseError) return error;
    throw error;
  }
  return undefined;
}
