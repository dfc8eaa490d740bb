import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunRequest } from '@meshwise/api';
import { commandOf } from '@meshwise/performance';
import { Command } from 'commander';
import * as fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, onTestFinished, test } from 'vitest';
import { idleContext } from '../testing/run-cli.ts';
import { type RunOptions, withRunOptions } from './run-options.ts';
import { runRequest } from './run-request.ts';

async function parse(words: readonly string[], stdin = ''): Promise<RunRequest> {
  let request: Promise<RunRequest> | undefined;
  const command = withRunOptions(new Command('run').argument('<target>').exitOverride())
    .configureOutput({ writeErr: () => {} })
    .action((target: string, options: RunOptions) => {
      request = runRequest(target, options, { ...idleContext, readStdin: async () => stdin });
      // Waited for below; until then a failure of it is not unhandled.
      request.catch(() => undefined);
    });
  await command.parseAsync(words, { from: 'user' });
  if (request === undefined) throw new Error('not run');
  return request;
}

/** Takes a command line apart as a POSIX shell does, as far as `shellWord` goes. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\.|[^\s'])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ''),
  );
}

const milliseconds = fc.integer({ min: 1_000, max: 600_000 });
const optional = <T>(values: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) => fc.record(values, { requiredKeys: [] });
const word = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcXYZ019 \'"$`&;|<>!#%~') });
const requests = fc.array(
  optional({
    method: fc.constantFrom('GET', 'PUT'),
    headers: fc.array(
      fc.tuple(
        fc.constantFrom('x-a', 'accept'),
        word.map((text) => text.trim() || 'v'),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    body: word.filter((text) => !text.startsWith('@')).map((content) => ({ encoding: 'utf8' as const, content })),
  }).filter(
    (request) => Object.keys(request).length > 0 && (request.body === undefined || request.method !== undefined),
  ),
  { minLength: 1, maxLength: 1 },
);
const load = optional({
  rps: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constant('max' as const)),
  durationMs: milliseconds,
  warmUpMs: milliseconds,
  connections: fc.integer({ min: 1, max: 500 }),
  streamsPerConnection: fc.integer({ min: 1, max: 100 }),
  protocol: fc.constantFrom('http1', 'http2', 'grpc'),
  closed: fc.constant(true),
  burst: fc.constant(true),
  keepAlive: fc.constant(false),
  arrivals: fc.constantFrom('constant', 'poisson'),
  stages: fc.array(
    fc.record({
      durationMs: milliseconds,
      fromRps: fc.integer({ min: 0, max: 99 }),
      toRps: fc.integer({ min: 1, max: 99 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  maxRequests: fc.integer({ min: 1, max: 1_000_000 }),
  requestsPerConnection: fc.integer({ min: 1, max: 9 }).map((min) => ({ min, max: min + 5 })),
  timeoutMs: milliseconds,
  workers: fc.integer({ min: 1, max: 8 }),
  seed: fc.integer({ min: 0, max: 9_999 }),
  abort: optional({ errorPercent: fc.integer({ min: 0, max: 100 }), responseP99Ms: milliseconds }).filter(
    (abort) => Object.keys(abort).length > 0,
  ),
  resolve: fc.constant([{ host: 'a.example', port: null, address: '::1' }]),
  unixSocketPath: fc.constant('/run/a socket'),
  tls: fc.constant({ verify: false, serverName: 'a.example' }),
  requests,
});
const anyRequest = fc.record(
  {
    target: fc.constantFrom('http://127.0.0.1/', 'details/details/0?a=b&c=d'),
    load,
    from: fc.constantFrom('outside', 'inside'),
    name: word.filter((text) => text.trim() !== ''),
    yes: fc.constant(true),
    criteria: fc.array(
      fc.record({
        metric: fc.constantFrom('responseP50Ms', 'errorPercent', 'achievedPercent'),
        limit: fc.integer({ min: 0, max: 100 }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    compareMesh: optional({
      rounds: fc.integer({ min: 2, max: 9 }),
      blockMs: milliseconds,
      variants: fc.constant(['none', 'both']),
    }),
  },
  { requiredKeys: ['target', 'load'] },
);

describe('the options of perf run', () => {
  test('say nothing that was not said', async () => {
    expect(await parse(['http://127.0.0.1/'])).toEqual({ target: 'http://127.0.0.1/', load: {} });
  });

  test('read the command that the page shows back to what the page asked for', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        expect([...Value.Errors(RunRequest, request)]).toEqual([]);
        const asked: unknown = request;
        if (!Value.Check(RunRequest, asked)) return;
        const [meshwise, perf, run, ...words] = shellWords(commandOf(asked));
        expect([meshwise, perf, run]).toEqual(['meshwise', 'perf', 'run']);
        expect(await parse(words)).toEqual(request);
      }),
    );
  });

  test('read bodies and several requests from files', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'meshwise-cli-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const at = (name: string) => join(directory, name);
    await writeFile(at('text'), 'grüße');
    await writeFile(at('bytes'), Buffer.from([0xff, 0x00]));
    await writeFile(at('mix'), 'GET /a weight=3\nPOST /b\n| {}\n');
    const body = async (name: string) => (await parse(['http://h/', '--body', `@${at(name)}`])).load.requests;
    expect(await body('text')).toEqual([{ method: 'POST', body: { encoding: 'utf8', content: 'grüße' } }]);
    expect(await body('bytes')).toEqual([{ method: 'POST', body: { encoding: 'base64', content: '/wA=' } }]);
    const { load: mixed } = await parse(['http://h/', '--requests', at('mix')]);
    expect(mixed.requests).toMatchObject([
      { path: '/a', weight: 3 },
      { method: 'POST', path: '/b' },
    ]);
    expect((await parse(['http://h/', '--requests', '-'], 'GET /c')).load.requests).toMatchObject([{ path: '/c' }]);
  });

  test.each([
    [['--header', 'nothing'], 'name: value'],
    [['--requests', 'f', '--method', 'PUT'], 'one or the other'],
    [['--rounds', '3'], 'with it'],
    [['--ca', '/nowhere/ca.pem'], 'ENOENT'],
    [['--expect', 'p98<1ms'], 'p50<5ms'],
    [['--stages', 'fast'], '100..500@30s'],
  ])('%j is refused in words', async (words, expected) => {
    await expect(parse(['http://h/', ...words])).rejects.toThrow(expected);
  });

  test.each([
    ['--rps', '0'],
    ['--duration', '30'],
    ['--reuse', '9:1'],
    ['--resolve', 'here'],
    ['--variants', 'both'],
  ])('%s %s is wrong usage', async (option, value) => {
    await expect(parse(['http://h/', option, value])).rejects.toMatchObject({ code: 'commander.invalidArgument' });
  });
});
