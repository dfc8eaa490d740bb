import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandOf, type RequestedRun } from './command.ts';
import { shellWord } from './shell-word.ts';

/** What a real shell makes of it: the words, one a line of NUL-separated output. */
function wordsOf(command: string): string[] {
  const script = `meshwise() { printf '%s\\0' "$@"; }; ${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** Reproduction is the first of the practices of mission 000-109: what was asked for can be asked for again. */
describe('the command that asks for the same', () => {
  it('says nothing that was not said', () => {
    expect(commandOf({ target: 'productpage/productpage', load: {} })).toBe(
      'meshwise perf run productpage/productpage',
    );
    expect(commandOf({ target: 'productpage/productpage', load: { rps: 500, durationMs: 30_000 } })).toBe(
      'meshwise perf run productpage/productpage --rps 500 --duration 30s',
    );
  });

  it('has an option for everything that can be said', () => {
    const request: RequestedRun = {
      target: 'http://localhost:9080/',
      from: 'inside',
      name: 'evening run',
      load: {
        protocol: 'http2',
        requests: [{ method: 'POST', headers: [['X-A', "it's"]], body: { encoding: 'utf8', content: '{"a": 1}' } }],
        rps: 'max',
        closed: true,
        arrivals: 'poisson',
        stages: [{ fromRps: 1, toRps: 5, durationMs: 1_000 }],
        maxRequests: 10,
        warmUpMs: 0,
        connections: 4,
        streamsPerConnection: 2,
        burst: true,
        keepAlive: false,
        requestsPerConnection: { min: 1, max: 9 },
        connectTimeoutMs: 500,
        unixSocketPath: '/run/a.sock',
        resolve: [
          { host: 'a.example', port: 80, address: '127.0.0.1' },
          { host: 'b.example', port: null, address: '::1' },
        ],
        tls: { verify: false, ca: 'PEM', certificate: 'PEM', key: 'PEM', serverName: 'b.example' },
        timeoutMs: 2_000,
        workers: 2,
        seed: 7,
        abort: { errorPercent: 50, responseP99Ms: 1_000 },
      },
      criteria: [{ metric: 'responseP99Ms', limit: 50 }],
      compareMesh: { rounds: 5, blockMs: 10_000, variants: ['none', 'both'] },
      yes: true,
    };
    const expected =
      'perf run http://localhost:9080/ --from inside --name "evening run" --protocol http2 --method POST ' +
      `--header "X-A: it's" --body '{"a": 1}' --rps max --closed --arrivals poisson --stages 1..5@1s ` +
      '--requests-limit 10 --warm-up 0s --connections 4 --streams 2 --burst --no-keep-alive --reuse 1:9 ' +
      '--connect-timeout 500ms --unix-socket /run/a.sock --resolve a.example:80:127.0.0.1 --resolve "b.example:*:::1" ' +
      '--insecure --ca ca.pem --cert certificate.pem --key key.pem --server-name b.example --timeout 2s --workers 2 ' +
      "--seed 7 --abort-errors 50 --abort-p99 1s --expect 'p99<50ms' --compare-mesh --rounds 5 --block 10s " +
      '--variants none,both --yes';
    expect(wordsOf(commandOf(request))).toEqual(wordsOf(`meshwise ${expected}`));
  });

  it('puts requests that no option can say in front', () => {
    const requests = [
      { weight: 3, path: '/a' },
      { weight: 1, path: "/b'c", headers: [['Authorization', 'Bearer s3cret'] as [string, string]] },
    ];
    const command = commandOf({ target: 'http://localhost/', load: { requests } });
    expect(wordsOf(command)).toEqual(['perf', 'run', 'http://localhost/', '--requests', '/dev/stdin']);
    const given = execFileSync('sh', ['-c', `meshwise() { cat; }; ${command}`], { encoding: 'utf8' });
    expect(JSON.parse(given)).toMatchObject([{ weight: 3, path: '/a' }, { path: "/b'c" }]);
    for (const body of [
      { encoding: 'base64' as const, content: 'AAA=' },
      { encoding: 'utf8' as const, content: '@file' },
    ]) {
      expect(commandOf({ target: 'a', load: { requests: [{ body }] } })).toContain('--requests');
    }
  });

  it('holds no credentials', () => {
    const headers: [string, string][] = [
      ['Authorization', 'Bearer s3cret'],
      ['cookie', 'session=s3cret'],
      ['x-api-key', 's3cret'],
      ['accept', 'text/html'],
    ];
    for (const requests of [[{ headers }], [{ headers, path: '/a' }]]) {
      const command = commandOf({ target: 'a', load: { requests, tls: { key: 's3cret' } } });
      expect(command).not.toContain('s3cret');
      expect(command).toContain('text/html');
    }
  });

  it('keeps a value that looks like an option a value', () => {
    const requests = [{ body: { encoding: 'utf8' as const, content: '--yes' } }];
    expect(wordsOf(commandOf({ target: 'a', load: { requests } }))).toEqual(['perf', 'run', 'a', '--body=--yes']);
  });
});

describe('a word of a shell', () => {
  it('is one word, and the same one, whatever is in it', () => {
    const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', '').toWellFormed());
    fc.assert(
      fc.property(text, (word) => void expect(wordsOf(`meshwise ${shellWord(word)}`)).toEqual([word])),
      { numRuns: 50 },
    );
  });
});
