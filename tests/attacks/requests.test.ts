import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from '../../packages/xds/src/control-plane/testing/envoy.ts';
import { attempt, meshTls, type Outcome, send, Tally } from './support/attempt.ts';
import { requestText } from './support/raw-http.ts';
import { identity, World } from './support/world.ts';

/** Whoever may do everything but what is private; the second port of call is open to one path alone. */
const DENY = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: private, namespace: default }
spec:
  selector: { matchLabels: { app: ledger } }
  action: DENY
  rules: [{ to: [{ operation: { paths: [/private, "/private/*"] } }] }]
`;

const ALLOW = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: public, namespace: default }
spec:
  selector: { matchLabels: { app: ledger } }
  action: ALLOW
  rules: [{ to: [{ operation: { paths: ["/public/*"] } }] }]
`;

const PERMISSIVE_READER = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reader, namespace: default }
spec:
  selector: { matchLabels: { app: ledger } }
  action: ALLOW
  rules: [{ from: [{ source: { principals: [cluster.local/ns/default/sa/reader] } }] }]
`;

const WAYS = ['BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'] as const;

/** MeshConfig, as far as it is about paths; BASE is what holds without any. */
function reading(way: (typeof WAYS)[number]): string {
  if (way === 'BASE') return '';
  return `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "pathNormalization: { normalization: ${way} }" }
---`;
}

/**
 * Ways to write `/private/a`, with what becomes of each in the order of `WAYS`. BASE resolves dot segments and leaves slashes
 * alone: where the program reads more into a path than its proxy does, a list of what is refused cannot name it, and a list of
 * what is allowed is needed.
 */
const PATHS: readonly (readonly [path: string, ...denied: readonly [Outcome, Outcome, Outcome]])[] = [
  ['/private/a', 403, 403, 403],
  ['/private', 403, 403, 403],
  ['/private?x=/public/a', 403, 403, 403],
  ['/public/../private/a', 403, 403, 403],
  ['/public/./../private/a', 403, 403, 403],
  ['/./private/a', 403, 403, 403],
  ['/public/%2e%2e/private/a', 403, 403, 403],
  ['/public/%2E%2E/private/a', 403, 403, 403],
  ['/%70rivate/a', 403, 403, 403],
  ['/private/%2e%2e/public/a', 'reached', 'reached', 'reached'],
  ['//private/a', 'reached', 403, 403],
  ['///private///a', 'reached', 403, 403],
  ['/public/..//private/a', 'reached', 403, 403],
  // Resolved before slashes are merged: this is /public/private/a.
  ['/public//../private/a', 'reached', 'reached', 'reached'],
  ['/private%2fa', 'reached', 'reached', 403],
  ['/private%2Fa', 'reached', 'reached', 403],
  ['/private%5ca', 'reached', 'reached', 403],
  ['/%2fprivate/a', 'reached', 'reached', 403],
  ['/public%2f..%2fprivate/a', 'reached', 'reached', 403],
  ['/public/..%2fprivate/a', 'reached', 'reached', 403],
  // Decoded once, which is as often as a program should.
  ['/private%252fa', 'reached', 'reached', 'reached'],
  ['/PRIVATE/a', 'reached', 'reached', 'reached'],
  ['/private;x=1/a', 'reached', 'reached', 'reached'],
  ['/private%00/a', 400, 400, 400],
  ['/private\\a', 403, 403, 403],
];

/** What no list helps against as long as `%2f` is none to the proxy: the program that decodes it leaves the public folder. */
const HIDDEN = '/public/..%2fprivate/a';

const tally = new Tally('requests');

describe.skipIf(ENVOY === undefined)('a workload that is told what paths are (001-7)', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(90);
  });

  afterAll(async () => {
    tally.print();
    await world?.stop();
  });

  describe.each(WAYS.map((way, index) => [way, index] as const))('where paths are read as by %s', (way, index) => {
    const cases = PATHS.map(([path, ...denied]) => [path, denied[index]] as const);

    const whatBecomesOf = async (policy: string, path: string) => {
      await world.apply(`${reading(way)}${policy}`);
      const outcome = await attempt(world, undefined, 'GET', path);
      tally.add(outcome);
      return outcome;
    };
    /** What a program that decodes and resolves it takes a path for. */
    const readByProgram = () => {
      const url = world.program.received.at(-1)?.url ?? '';
      return new URL(decodeURIComponent(url), 'http://program').pathname;
    };

    test.each(cases)(
      '%s is refused by a list of what is private, as far as a proxy can tell',
      async (path, expected) => {
        expect(await whatBecomesOf(DENY, path)).toBe(expected);
      },
    );

    const bare = cases.filter(([path]) => path !== HIDDEN);
    test.each(bare)('%s is never let in by a list of what is public, unless it is', async (path) => {
      if ((await whatBecomesOf(ALLOW, path)) === 'reached') expect(readByProgram()).toMatch(/^\/public\//);
    });

    test('a slash that is encoded leads out of what is public, unless the proxy decodes it too', async () => {
      const isDecoded = way === 'DECODE_AND_MERGE_SLASHES';
      expect(await whatBecomesOf(ALLOW, HIDDEN)).toBe(isDecoded ? 403 : 'reached');
      if (!isDecoded) expect(readByProgram()).toBe('/private/a');
    });
  });

  test.each<readonly [string, string]>([
    ['the absolute form', 'GET http://ledger.default.svc.cluster.local/private/a HTTP/1.1\r\nhost: ledger\r\n\r\n'],
    ['another authority in the absolute form', 'GET http://other/private/a HTTP/1.1\r\nhost: ledger\r\n\r\n'],
    [
      'a header that says where else it was going',
      requestText('GET', '/private/a', [['x-envoy-original-path', '/public/a']]),
    ],
    [
      'a header that rewrites',
      requestText('GET', '/private/a', [
        ['x-original-url', '/public/a'],
        ['x-rewrite-url', '/public/a'],
      ]),
    ],
    ['a method in a header', requestText('GET', '/private/a', [['x-http-method-override', 'PUT']])],
    ['a fragment', 'GET /private/a#/public/a HTTP/1.1\r\nhost: ledger\r\n\r\n'],
  ])('%s does not get round it', async (_, bytes) => {
    await world.apply(DENY);
    const outcome = await send(world, undefined, bytes);
    tally.add(outcome);
    expect([400, 403]).toContain(outcome);
  });

  test.each<readonly [string, string]>([
    [
      'a length and chunks',
      'POST /public/a HTTP/1.1\r\nhost: ledger\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /private/a HTTP/1.1\r\nhost: ledger\r\n\r\n',
    ],
    [
      'two lengths',
      'POST /public/a HTTP/1.1\r\nhost: ledger\r\ncontent-length: 0\r\ncontent-length: 44\r\n\r\nGET /private/a HTTP/1.1\r\nhost: ledger\r\n\r\n',
    ],
    [
      'an odd encoding',
      'POST /public/a HTTP/1.1\r\nhost: ledger\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\nGET /private/a HTTP/1.1\r\nhost: ledger\r\n\r\n',
    ],
    [
      'a header name with a space',
      'POST /public/a HTTP/1.1\r\nhost: ledger\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\nGET /private/a HTTP/1.1\r\nhost: ledger\r\n\r\n',
    ],
    [
      'a request behind another one on the same connection',
      'GET /public/a HTTP/1.1\r\nhost: ledger\r\n\r\nGET /private/a HTTP/1.1\r\nhost: ledger\r\n\r\n',
    ],
    ['two hosts', 'GET /private/a HTTP/1.1\r\nhost: ledger\r\nhost: other\r\n\r\n'],
    ['a line of the old kind', 'GET /private/a\r\n\r\n'],
    ['a line that is folded', 'GET /public/a HTTP/1.1\r\nhost: ledger\r\nx-a: b\r\n c: d\r\n\r\n'],
  ])('%s smuggles nothing private in', async (_, bytes) => {
    await world.apply(DENY);
    const before = world.program.received.length;
    tally.add(await send(world, undefined, bytes));
    const reached = world.program.received.slice(before);
    expect(reached.filter(({ url }) => url.startsWith('/private'))).toEqual([]);
  });

  const forged = 'By=spiffe://cluster.local/ns/default/sa/ledger;URI=spiffe://cluster.local/ns/default/sa/reader';

  test('in plain text nobody is who a header says', async () => {
    await world.apply(PERMISSIVE_READER);
    const outcome = await attempt(world, undefined, 'GET', '/', [['x-forwarded-client-cert', forged]]);
    tally.add(outcome);
    expect(outcome).toBe(403);
  });

  test('with another certificate nobody is who a header says', async () => {
    await world.apply(PERMISSIVE_READER);
    const stranger = meshTls(await world.authority.of(identity('stranger')));
    const outcome = await attempt(world, stranger, 'GET', '/', [['x-forwarded-client-cert', forged]]);
    tally.add(outcome);
    expect(outcome).toBe(403);
  });

  test('a program is told of the caller in plain text nothing, of one with a certificate the truth last', async () => {
    await world.apply('');
    await attempt(world, undefined, 'GET', '/', [['x-forwarded-client-cert', forged]]);
    expect(world.program.received.at(-1)?.headers['x-forwarded-client-cert']).toBeUndefined();
    const stranger = meshTls(await world.authority.of(identity('stranger')));
    await attempt(world, stranger, 'GET', '/', [['x-forwarded-client-cert', forged]]);
    const told = String(world.program.received.at(-1)?.headers['x-forwarded-client-cert']);
    expect(told.split(',').at(-1)).toContain('URI=spiffe://cluster.local/ns/default/sa/stranger');
  });

  test('had a proxy that took all of it', () => {
    expect(world.rejections).toEqual([]);
  });
});
