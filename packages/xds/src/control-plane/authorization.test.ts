import type { Condition, SecurityPlan, TextMatch } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionTo } from './testing/connection.ts';
import { ENVOY } from './testing/envoy.ts';
import { type CallOptions, call, eventually } from './testing/http.ts';
import { inboundPort } from './testing/plans.ts';
import { PORT, ReviewsMesh } from './testing/reviews-mesh.ts';
import {
  account,
  allow,
  authorization,
  type ConditionOf,
  deny,
  is,
  isNot,
  policy,
  rule,
  ruleWhen,
} from './testing/security.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 121;

describe.skipIf(ENVOY === undefined)('who may do what at a workload (000-43, 001-78)', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let v1: Pod;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    ({ mesh, v1 } = reviews);
  });
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  const ask = async (security: SecurityPlan | undefined, changes = {}) => {
    mesh.setInbound(v1, [inboundPort(PORT, changes)], security);
    await reviews.settled(v1);
  };
  const status = async (path = '/', headers = {}) => (await reviews.get(path, headers)).status;
  /** Straight to the server, which takes plain text as well: without an identity. */
  const bare = async (path = '/', options: CallOptions = {}) => (await call(v1.podIp, PORT, path, options)).status;

  test('a change acts on the next request of a connection that is open, and only on requests it is about', async () => {
    await ask(undefined, { mutualTls: 'permissive' });
    const open = connectionTo(v1.podIp, PORT);
    const request = `GET / HTTP/1.1\r\nHost: reviews:${PORT}\r\n\r\n`;
    expect(await open.ask(request)).toMatch(/^HTTP\/1\.1 200/);
    const before = await v1.envoy.stat('listener_manager.lds.update_success');
    await ask(deny(ruleWhen(is('method', { exact: 'GET' }))), { mutualTls: 'permissive' });
    const refused = await open.ask(request);
    expect(refused).toMatch(/^HTTP\/1\.1 403[\s\S]*RBAC: access denied$/);
    expect(await open.ask(request.replace('GET', 'DELETE'))).toMatch(/^HTTP\/1\.1 200/);
    await ask(undefined, { mutualTls: 'permissive' });
    expect(await open.ask(request)).toMatch(/^HTTP\/1\.1 200/);
    expect(await v1.envoy.stat('listener_manager.lds.update_success')).toBe(before);
    open.close();
  });

  test('equal plans are the same objects, so that nothing is sent', async () => {
    const security = deny(ruleWhen(is('path', { exact: '/x' })));
    await ask(security);
    const [workload] = v1.proxy.workloads;
    if (workload === undefined) throw new Error('no workload');
    mesh.model.inbounds.set(v1.proxy.id, [{ workload, ports: [inboundPort(PORT)], security }]);
    expect(mesh.controlPlane.publish()).toBe(0);
  });

  test('DENY comes before ALLOW; without ALLOW everybody may, with one only whom it matches', async () => {
    await ask(undefined);
    expect(await status()).toBe(200);
    const a = ruleWhen(is('path', { prefix: '/a' }));
    await ask(authorization({ allow: [[policy(a)]] }));
    expect([await status('/a'), await status('/b')]).toEqual([200, 403]);
    await ask(authorization({ allow: [[policy(a)]], deny: [policy(ruleWhen(is('path', { exact: '/a/secret' })))] }));
    expect([await status('/a'), await status('/a/secret'), await status('/b')]).toEqual([200, 403, 403]);
    // Without rules a policy never holds: Istio's allow-nothing. With an empty one it always does.
    await ask(authorization({ allow: [[policy()]] }));
    expect(await status('/a')).toBe(403);
    await ask(authorization({ allow: [[policy(rule())]] }));
    expect(await status('/a')).toBe(200);
    await ask(authorization({ deny: [policy()] }));
    expect(await status('/a')).toBe(200);
  });

  test('every set of ALLOW has to let in, however many there are', async () => {
    const path = (prefix: string) => [policy(ruleWhen(is('path', { prefix })))];
    await ask(authorization({ allow: [path('/a'), path('/a/b')] }));
    expect([await status('/a'), await status('/a/b')]).toEqual([403, 200]);
    const either = [policy(ruleWhen(is('path', { suffix: 'd' })), ruleWhen(is('path', { suffix: 'e' })))];
    await ask(authorization({ allow: [path('/a'), path('/a/b'), path('/a/b/c'), either] }));
    const paths = ['/a', '/a/b', '/a/b/c', '/a/b/c/d', '/a/b/c/e', '/a/b/d'];
    expect(await Promise.all(paths.map((one) => status(one)))).toEqual([403, 403, 403, 200, 200, 403]);
    await ask(authorization({ allow: [path('/a'), path('/a/b'), [policy()]] }));
    expect(await status('/a/b/c/d')).toBe(403);
  });

  test('a rule asks for one of from, one of to and all of when', async () => {
    const callers = [[account('productpage')], [account('somebody')]];
    const targets = [[is('method', { exact: 'GET' }), is('path', { prefix: '/a' })], [is('path', { exact: '/b' })]];
    const header: Condition = { of: 'header', name: 'x-day', anyOf: [{ exact: 'monday' }], noneOf: [] };
    await ask(allow(rule({ from: callers, to: targets, when: [header] })));
    const monday = { 'x-day': 'monday' };
    expect(await status('/a', monday)).toBe(200);
    expect(await status('/b', monday)).toBe(200);
    expect(await status('/c', monday)).toBe(403);
    expect(await status('/a')).toBe(403);
    // What asks of the request stands beside the caller, and of the caller beside what is called.
    const mixed = rule({
      from: [[account('nobody')], [header, { of: 'destination-port', anyOf: [PORT], noneOf: [] }]],
      to: [
        [is('path', { exact: '/a' }), account('productpage')],
        [is('path', { exact: '/b' }), account('nobody')],
      ],
    });
    await ask(allow(mixed));
    expect([await status('/a', monday), await status('/b', monday), await status('/a')]).toEqual([200, 403, 403]);
  });

  const NAME = 'cluster.local/ns/default/sa/productpage';
  test.each<[string, Condition, boolean]>([
    ['principals, exact', is('principal', { exact: NAME }), true],
    ['principals, another', is('principal', { exact: 'cluster.local/ns/default/sa/other' }), false],
    ['principals, prefix', is('principal', { prefix: 'cluster.local/ns/default/' }), true],
    ['principals, suffix', is('principal', { suffix: '/productpage' }), true],
    ['principals, suffix that is the whole', is('principal', { suffix: NAME }), true],
    ['principals, suffix that is the scheme', is('principal', { suffix: `spiffe://${NAME}` }), false],
    ['principals, any', is('principal', { present: true }), true],
    ['principals, expression', is('principal', { regex: '.*/sa/(productpage|x)' }), true],
    ['principals, expression for a part', is('principal', { regex: 'productpage' }), false],
    ['notPrincipals', isNot('principal', { exact: NAME }), false],
    ['notPrincipals, another', isNot('principal', { exact: 'cluster.local/ns/x/sa/y' }), true],
    ['namespaces', is('namespace', { exact: 'default' }), true],
    ['namespaces, a part of the name', is('namespace', { exact: 'efaul' }), false],
    ['namespaces, prefix', is('namespace', { prefix: 'def' }), true],
    ['namespaces, suffix', is('namespace', { suffix: 'ault' }), true],
    ['namespaces, suffix over the border', is('namespace', { suffix: 'ns/default' }), false],
    ['namespaces, prefix over the border', is('namespace', { prefix: 'default/sa' }), false],
    ['namespaces, any', is('namespace', { present: true }), true],
    ['namespaces, expression', is('namespace', { regex: 'd.*|x' }), true],
    ['notNamespaces', isNot('namespace', { exact: 'default' }), false],
    ['serviceAccounts', is('service-account', { exact: 'default/productpage' }), true],
    ['serviceAccounts, of another namespace', is('service-account', { exact: 'other/productpage' }), false],
    ['serviceAccounts, prefix', is('service-account', { prefix: 'default/prod' }), true],
    ['serviceAccounts, prefix within the namespace', is('service-account', { prefix: 'def' }), true],
    ['serviceAccounts, suffix', is('service-account', { suffix: 'ult/productpage' }), true],
    ['serviceAccounts, suffix within the name', is('service-account', { suffix: 'page' }), true],
    ['serviceAccounts, any', is('service-account', { present: true }), true],
  ])('AuthorizationPolicy source.%s', async (_, condition, isLetIn) => {
    await ask(allow(ruleWhen(condition)), { mutualTls: 'permissive' });
    expect(await status()).toBe(isLetIn ? 200 : 403);
    // A client without mutual TLS has no identity, neither this one nor another.
    expect(await bare()).toBe(condition.noneOf.length > 0 ? 200 : 403);
    await ask(deny(ruleWhen(condition)), { mutualTls: 'permissive' });
    expect(await status()).toBe(isLetIn ? 403 : 200);
  });

  const hosts = (...anyOf: TextMatch[]) => is('host', ...anyOf);
  const header = (...anyOf: TextMatch[]): ConditionOf<'header'> => ({
    of: 'header',
    name: 'X-User',
    anyOf,
    noneOf: [],
  });
  const jason = { headers: { 'x-user': 'jason' } };
  const at = (host: string) => ({ headers: { host } });
  test.each<[string, Condition, string, CallOptions, boolean]>([
    ['hosts', hosts({ exact: 'Shop.example' }), '/', at('shop.EXAMPLE'), true],
    ['hosts, with a port that nobody named', hosts({ exact: 'shop.example' }), '/', at('shop.example:80'), false],
    ['hosts, any port', hosts({ prefix: 'shop.example:' }), '/', at('SHOP.example:80'), true],
    ['hosts, suffix', hosts({ suffix: '.example' }), '/', at('a.Example'), true],
    ['hosts, expression', hosts({ regex: 'a\\.(example|com)' }), '/', at('A.com'), true],
    ['methods', is('method', { exact: 'POST' }), '/', { method: 'POST' }, true],
    ['methods, another', is('method', { exact: 'POST' }), '/', {}, false],
    ['notMethods', isNot('method', { exact: 'POST' }), '/', {}, true],
    ['paths, without the query', is('path', { exact: '/a' }), '/a?b=/c', {}, true],
    ['paths, another', is('path', { exact: '/a' }), '/a/', {}, false],
    ['paths, normalised first', is('path', { exact: '/a' }), '/b/../%61', {}, true],
    ['paths, prefix', is('path', { prefix: '/a' }), '/ab', {}, true],
    ['paths, suffix', is('path', { suffix: '.html' }), '/a/b.html?x=.js', {}, true],
    ['paths, any', is('path', { present: true }), '/', {}, true],
    ['paths, expression', is('path', { regex: '/[ab]' }), '/b', {}, true],
    ['paths, expression for a part', is('path', { regex: '/[ab]' }), '/b/c', {}, false],
    ['notPaths', isNot('path', { prefix: '/admin' }), '/admin', {}, false],
    ['request.headers', header({ exact: 'jason' }), '/', jason, true],
    ['request.headers, another case', header({ exact: 'Jason' }), '/', jason, false],
    ['request.headers, any', header({ present: true }), '/', jason, true],
    ['request.headers, none', header({ present: true }), '/', {}, false],
    ['request.headers, empty prefix', header({ prefix: '' }), '/', {}, false],
    ['notRequestHeaders, none', { ...header(), noneOf: [{ exact: 'jason' }] }, '/', {}, true],
    ['notRequestHeaders', { ...header(), noneOf: [{ prefix: 'ja' }] }, '/', jason, false],
    ['both', { ...header({ prefix: 'j' }), noneOf: [{ suffix: 'son' }] }, '/', jason, false],
    ['neither', { ...header(), noneOf: [] }, '/', {}, true],
    ['ports', { of: 'destination-port', anyOf: [1, PORT], noneOf: [] }, '/', {}, true],
    ['ports, another', { of: 'destination-port', anyOf: [1], noneOf: [] }, '/', {}, false],
    ['notPorts', { of: 'destination-port', anyOf: [], noneOf: [PORT] }, '/', {}, false],
    ['ipBlocks', { of: 'source-ip', anyOf: ['10.0.0.0/8', '127.0.0.0/8'], noneOf: [] }, '/', {}, true],
    ['notIpBlocks', { of: 'source-ip', anyOf: [], noneOf: ['127.0.0.0/8'] }, '/', {}, false],
    ['ipBlocks, of IPv6', { of: 'source-ip', anyOf: ['2001:db8::/32'], noneOf: [] }, '/', {}, false],
    ['destination.ip', { of: 'destination-ip', anyOf: [`127.${SUBNET}.1.0/24`], noneOf: [] }, '/', {}, true],
    ['connection.sni, of plain text', is('server-name', { present: true }), '/', {}, false],
    [
      'remoteIpBlocks',
      { of: 'remote-ip', anyOf: ['203.0.113.0/24'], noneOf: [] },
      '/',
      { headers: { 'x-forwarded-for': '203.0.113.9' } },
      true,
    ],
    [
      'ipBlocks, not those of a header',
      { of: 'source-ip', anyOf: ['203.0.113.0/24'], noneOf: [] },
      '/',
      { headers: { 'x-forwarded-for': '203.0.113.9' } },
      false,
    ],
    [
      'experimental.envoy.filters.x, absent',
      { of: 'metadata', filter: 'x', path: ['a'], anyOf: [], noneOf: [{ exact: 'b' }] },
      '/',
      {},
      true,
    ],
  ])('AuthorizationPolicy %s', async (_, condition, path, options, isLetIn) => {
    await ask(allow(ruleWhen(condition)), { mutualTls: 'permissive' });
    expect(await bare(path, options)).toBe(isLetIn ? 200 : 403);
    await ask(deny(ruleWhen(condition)), { mutualTls: 'permissive' });
    expect(await bare(path, options)).toBe(isLetIn ? 403 : 200);
  });

  test.each([
    ['/foo/{*}', ['/foo/bar'], ['/foo', '/foo/', '/foo/bar/baz']],
    ['/foo/{**}', ['/foo/', '/foo/bar', '/foo/bar/baz'], ['/foo', '/bar/foo/']],
    ['/foo/{*}/bar/{**}', ['/foo/x/bar/', '/foo/x/bar/y/z'], ['/foo/bar/', '/foo/x/y/bar/']],
    ['/a.b/{*}', ['/a.b/c'], ['/axb/c']],
    ['/admin/{*}', ['/admin/a|b', '/admin/x*'], ['/admin/a/b']],
  ])('AuthorizationPolicy operation.paths: the template %s', async (template, matching, others) => {
    await ask(allow(ruleWhen({ of: 'path', anyOf: [{ template }], noneOf: [] })), { mutualTls: 'permissive' });
    for (const path of matching) expect([path, await bare(path)]).toEqual([path, 200]);
    for (const path of others) expect([path, await bare(path)]).toEqual([path, 403]);
  });

  test('a dry run refuses nobody, and is counted', async () => {
    const tried = (changes: object) => ({
      ...policy(ruleWhen(is('path', { exact: '/a' }))),
      ...changes,
      isDryRun: true,
    });
    await ask(authorization({ deny: [tried({})], allow: [[tried({ rules: [] })]], audit: [tried({})] }));
    expect([await status('/a'), await status('/b')]).toEqual([200, 200]);
    const counted = (name: string) => v1.envoy.stat(`http.inbound_0.0.0.0_${PORT}.rbac.istio_dry_run_${name}`);
    expect(await counted('deny_.shadow_denied')).toBe(1);
    expect(await counted('allow_.shadow_denied')).toBe(2);
  });

  test('AUDIT refuses nobody and marks requests for logs', async () => {
    const line = '%REQ(:PATH)% %DYNAMIC_METADATA(envoy.common:access_log_hint)%\n';
    const [workload] = v1.proxy.workloads;
    if (workload === undefined) throw new Error('no workload');
    const telemetry = {
      accessLogs: [
        { sink: { kind: 'file' as const, path: '/dev/stdout' }, format: { text: line }, origin: inboundPort(1).origin },
      ],
    };
    const security = authorization({ audit: [policy(ruleWhen(is('path', { exact: '/audited' })))] });
    mesh.model.inbounds.set(v1.proxy.id, [{ workload, ports: [inboundPort(PORT)], security, telemetry }]);
    mesh.controlPlane.publish();
    await reviews.settled(v1);
    // A listener with another log takes new connections only.
    await eventually(async () => {
      expect([await status('/audited'), await status('/other')]).toEqual([200, 200]);
      expect(v1.envoy.output()).toContain('/audited true');
      expect(v1.envoy.output()).toContain('/other false');
    });
  });

  test('an expression that Envoy refuses reaches no proxy, and is said on its policy', async () => {
    const secret = policy(ruleWhen(is('path', { exact: '/secret' })));
    const wrong = policy(ruleWhen(is('path', { regex: '/(' })));
    const a = policy(ruleWhen(is('path', { prefix: '/' })));
    await ask(authorization({ deny: [secret], allow: [[a]] }));
    await ask(authorization({ deny: [secret], allow: [[a, wrong]] }));
    expect([await status('/secret'), await status('/')]).toEqual([403, 200]);
    const said = [...mesh.controlPlane.residues().values()].flat();
    expect(said).toMatchObject([{ severity: 'invalid', message: expect.stringContaining('missing )') }]);
    // One that denies and never held before errs shut.
    await ask(authorization({ deny: [{ ...wrong, name: 'default/other' }], allow: [[a]] }));
    expect(await status('/')).toBe(403);
    await ask(undefined);
    expect(await status('/')).toBe(200);
    expect(mesh.controlPlane.residues().size).toBe(0);
  });
});
