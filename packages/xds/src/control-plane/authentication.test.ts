import type { Condition, SecurityPlan, TextMatch, TokenProvider } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from './testing/envoy.ts';
import { call, echoOf } from './testing/http.ts';
import { inboundPort } from './testing/plans.ts';
import { allow, type ConditionOf, deny, is, isNot, provider, ruleWhen } from './testing/security.ts';
import { type Pod, TestMesh } from './testing/test-mesh.ts';
import { TokenIssuer, tokenOf } from './testing/tokens.ts';

const SUBNET = 122;
const PORT = 9080;

describe.skipIf(ENVOY === undefined)('whose tokens are good at a workload (000-44, 001-79)', () => {
  const a = new TokenIssuer('https://a.example');
  const b = new TokenIssuer('https://b.example/tenant', { algorithm: 'RS256', keyId: 'b' });
  let mesh: TestMesh;
  let pod: Pod;

  beforeAll(async () => {
    mesh = await TestMesh.start(SUBNET);
    pod = await mesh.addPod({ name: 'web', ports: [inboundPort(PORT, { mutualTls: 'disable' })] });
  });
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  const secure = async (security: SecurityPlan | undefined) => {
    mesh.setInbound(pod, [inboundPort(PORT, { mutualTls: 'disable' })], security);
    await mesh.controlPlane.settled();
    await mesh.synced(pod.proxy.id, pod.envoy);
  };
  const trust = (...providers: TokenProvider[]) => secure({ authentication: { providers } });
  const send = (headers: Readonly<Record<string, string>> = {}, path = '/') => call(pod.podIp, PORT, path, { headers });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const status = async (token: string) => (await send(bearer(token))).status;

  test('RequestAuthentication jwtRules.issuer and jwks: a good token passes, a bad one gives 401, none passes', async () => {
    await trust(provider(a));
    expect((await send()).status).toBe(200);
    expect(await status(a.token())).toBe(200);
    const seconds = Math.floor(Date.now() / 1000);
    const [header = '', payload = '', signature = ''] = a.token().split('.');
    const bad = [
      a.token({ exp: seconds - 3600 }),
      a.token({ nbf: seconds + 3600 }),
      a.token({ iss: 'https://other.example' }),
      b.token(),
      b.token({ iss: a.issuer }),
      new TokenIssuer(a.issuer).token(),
      tokenOf({ alg: 'none' }, { iss: a.issuer, sub: 'x' }),
      `${header}.${payload}.`,
      `${header}.${Buffer.from(JSON.stringify({ iss: a.issuer, sub: 'admin' })).toString('base64url')}.${signature}`,
      'nonsense',
    ];
    for (const token of bad) expect([token, await status(token)]).toEqual([token, 401]);
    const refused = await send(bearer(bad[0] ?? ''));
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer realm="http:\/\/[^"]+", error="invalid_token"$/);
    expect(refused.body).toBe('Jwt is expired');
  });

  test('a key set that is not known, or is none, makes every token bad, and nothing else', async () => {
    const odd = [
      {},
      { kty: 'XYZ', kid: 'odd' },
      { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
      { kty: 'EC', crv: 'P-512', x: 'AA', y: 'AA' },
      { kty: 'RSA', n: '!', e: 1 },
      { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
      { kty: 'OKP', crv: 'Ed25519', x: 'A' },
      { kty: 7 },
    ];
    const texts = ['', '{"keys":[]}', '{"keys":7}', '[]', 'null', 'nonsense', '{"keys":[null,"x",[]]}'];
    const single = odd.map((key) => JSON.stringify({ keys: [key] }));
    for (const keys of [undefined, ...texts, ...single]) {
      const { keys: _, ...rest } = provider(a);
      await trust(keys === undefined ? rest : { ...rest, keys });
      expect([keys, await status(a.token()), (await send()).status]).toEqual([keys, 401, 200]);
    }
    // Keys that nobody understands beside one that is good.
    const [mine] = (JSON.parse(a.keys()) as { readonly keys: readonly object[] }).keys;
    await trust(provider(a, { keys: JSON.stringify({ keys: [...odd, mine] }) }));
    expect(await status(a.token())).toBe(200);
  });

  test('keys that change act on the next request', async () => {
    const next = new TokenIssuer(a.issuer, { keyId: 'two' });
    await trust(provider(a));
    expect([await status(a.token()), await status(next.token())]).toEqual([200, 401]);
    await trust(provider(a, { keys: a.keys(next) }));
    expect([await status(a.token()), await status(next.token())]).toEqual([200, 200]);
    await trust(provider(a, { keys: next.keys() }));
    expect([await status(a.token()), await status(next.token())]).toEqual([401, 200]);
  });

  test('RequestAuthentication jwtRules: any one of several issuers will do, and of another none', async () => {
    await trust(provider(a), provider(b));
    expect([await status(a.token()), await status(b.token()), (await send()).status]).toEqual([200, 200, 200]);
    expect(await status(new TokenIssuer('https://c.example').token())).toBe(401);
    expect(await status(a.token({ iss: b.issuer }))).toBe(401);
  });

  test('RequestAuthentication jwtRules.audiences: one of them has to be in the token', async () => {
    await trust(provider(a, { audiences: ['shop', 'bank'] }));
    expect(await status(a.token({ aud: 'shop' }))).toBe(200);
    expect(await status(a.token({ aud: ['x', 'bank'] }))).toBe(200);
    const wrong = await send(bearer(a.token({ aud: 'other' })));
    expect([wrong.status, wrong.body]).toEqual([403, 'Audiences in Jwt are not allowed']);
    expect(await status(a.token())).toBe(403);
  });

  test('RequestAuthentication jwtRules.fromHeaders, fromParams, fromCookies: where a token stands, and nowhere else', async () => {
    await trust(
      provider(a, {
        fromHeaders: [{ name: 'x-token', prefix: 'Token ' }, { name: 'x-bare' }],
        fromParameters: ['t'],
        fromCookies: ['session'],
      }),
    );
    const bad = b.token();
    const places = (token: string) => [
      send({ 'x-token': `Token ${token}` }),
      send({ 'x-bare': token }),
      send({}, `/?t=${token}`),
      send({ cookie: `session=${token}` }),
    ];
    for (const answer of places(a.token())) expect((await answer).status).toBe(200);
    for (const answer of places(bad)) expect((await answer).status).toBe(401);
    expect((await send(bearer(bad))).status).toBe(200);
    await trust(provider(a));
    expect((await send({}, `/?access_token=${bad}`)).status).toBe(401);
  });

  test('RequestAuthentication jwtRules.forwardOriginalToken: the token stays or goes', async () => {
    const headers = bearer(a.token());
    await trust(provider(a));
    expect(echoOf(await send(headers)).headers.authorization).toBeUndefined();
    await trust(provider(a, { forwardsToken: true }));
    expect(echoOf(await send(headers)).headers.authorization).toBe(headers.authorization);
  });

  const told = (changes = {}) =>
    provider(a, {
      payloadHeader: 'x-payload',
      claimHeaders: [
        { header: 'x-user', claim: 'sub' },
        { header: 'x-group', claim: 'realm.group' },
      ],
      ...changes,
    });

  test('RequestAuthentication jwtRules.outputPayloadToHeader and outputClaimToHeaders tell the program of the token', async () => {
    await trust(told());
    const claims = { sub: 'jane', realm: { group: 'admins' } };
    const { headers } = echoOf(await send(bearer(a.token(claims))));
    expect(headers).toMatchObject({ 'x-user': 'jane', 'x-group': 'admins' });
    const payload = Buffer.from(String(headers['x-payload']), 'base64url').toString();
    expect(JSON.parse(payload)).toMatchObject(claims);
  });

  test('nobody but a token tells the program what is in a token', async () => {
    const forged = { 'X-Payload': 'e30', 'x-user': 'root', 'X-Group': 'admins', 'x-tenant': 'all' };
    const seen = async (headers: Readonly<Record<string, string>>) => {
      const { headers: got } = echoOf(await send(headers));
      return [got['x-payload'], got['x-user'], got['x-group'], got['x-tenant']];
    };
    const other = provider(b, { claimHeaders: [{ header: 'X-Tenant', claim: 'tenant' }] });
    for (const providers of [
      [told(), other],
      [other, told()],
    ]) {
      await trust(...providers);
      expect(await seen(forged)).toEqual([undefined, undefined, undefined, undefined]);
      const [payload, ...rest] = await seen({ ...forged, ...bearer(a.token({ sub: 'jane' })) });
      expect(payload).not.toBe('e30');
      // The token has neither a group nor a tenant.
      expect(rest).toEqual(['jane', undefined, undefined]);
      expect(await seen({ ...forged, ...bearer(b.token({ tenant: 'b' })) })).toEqual([
        undefined,
        undefined,
        undefined,
        'b',
      ]);
    }
  });

  test('a browser that asks whether it may ask has no token yet, and tells nothing either', async () => {
    await trust(told());
    const asks = { origin: 'https://x', 'access-control-request-method': 'GET' };
    const headers = { ...asks, 'x-user': 'root', ...bearer('nonsense') };
    const answer = await call(pod.podIp, PORT, '/', { method: 'OPTIONS', headers });
    expect(answer.status).toBe(200);
    expect(echoOf(answer).headers['x-user']).toBeUndefined();
  });

  const claim = (path: readonly string[], ...anyOf: TextMatch[]): ConditionOf<'claim'> => ({
    of: 'claim',
    path,
    anyOf,
    noneOf: [],
  });
  const TOKEN = {
    sub: 'jane/x',
    aud: ['shop', 'bank'],
    azp: 'web',
    groups: ['admins', 'staff'],
    group: 'admins',
    scope: 'read write',
    roles: 'one two',
    nested: { deep: { key: 'value' } },
    empty: '',
  };
  test.each<[string, Condition, boolean]>([
    ['requestPrincipals', is('request-principal', { exact: `${a.issuer}/jane/x` }), true],
    ['requestPrincipals, another', is('request-principal', { exact: `${a.issuer}/jane` }), false],
    ['requestPrincipals, issuer alone', is('request-principal', { exact: a.issuer }), false],
    ['requestPrincipals, any', is('request-principal', { present: true }), true],
    ['requestPrincipals, prefix', is('request-principal', { prefix: `${a.issuer}/` }), true],
    ['requestPrincipals, prefix over the seam', is('request-principal', { prefix: `${a.issuer}/jane` }), true],
    ['requestPrincipals, prefix in the issuer', is('request-principal', { prefix: 'https://a' }), true],
    ['requestPrincipals, suffix', is('request-principal', { suffix: '/x' }), true],
    ['requestPrincipals, suffix over the seam', is('request-principal', { suffix: 'example/jane/x' }), true],
    ['requestPrincipals, another suffix', is('request-principal', { suffix: 'other/jane/x' }), false],
    ['notRequestPrincipals', isNot('request-principal', { prefix: a.issuer }), false],
    ['request.auth.audiences', is('audience', { exact: 'bank' }), true],
    ['request.auth.audiences, another', is('audience', { exact: 'other' }), false],
    ['request.auth.presenter', is('presenter', { exact: 'web' }), true],
    ['request.auth.claims, list', claim(['groups'], { exact: 'staff' }), true],
    ['request.auth.claims, of a list none', claim(['groups'], { exact: 'root' }), false],
    ['request.auth.claims, text', claim(['group'], { prefix: 'adm' }), true],
    ['request.auth.claims, suffix', claim(['group'], { suffix: 'mins' }), true],
    ['request.auth.claims, expression', claim(['groups'], { regex: 'st.{2}f' }), true],
    ['request.auth.claims, expression for a part', claim(['groups'], { regex: 'st' }), false],
    ['request.auth.claims, nested', claim(['nested', 'deep', 'key'], { exact: 'value' }), true],
    ['request.auth.claims, nested, any', claim(['nested', 'deep', 'key'], { present: true }), true],
    ['request.auth.claims, any, that is no text', claim(['nested', 'deep'], { present: true }), false],
    ['request.auth.claims, any, that is empty', claim(['empty'], { present: true }), false],
    ['request.auth.claims, not there', claim(['nested', 'other'], { present: true }), false],
    ['request.auth.claims, words', claim(['scope'], { exact: 'write' }), true],
    ['spaceDelimitedClaims', claim(['roles'], { exact: 'two' }), true],
    ['request.auth.claims, none of', { ...claim(['groups']), noneOf: [{ exact: 'staff' }] }, false],
    ['request.auth.claims, none of what is not there', { ...claim(['other']), noneOf: [{ exact: 'x' }] }, true],
  ])('AuthorizationPolicy %s', async (_, condition, isLetIn) => {
    const authentication = { providers: [provider(a, { spaceDelimitedClaims: ['roles'] }), provider(b)] };
    const token = a.token(TOKEN);
    await secure({ authentication, ...allow(ruleWhen(condition)) });
    expect(await status(token)).toBe(isLetIn ? 200 : 403);
    // Without a token there are no claims.
    expect((await send()).status).toBe(condition.noneOf.length > 0 ? 200 : 403);
    await secure({ authentication, ...deny(ruleWhen(condition)) });
    expect(await status(token)).toBe(isLetIn ? 403 : 200);
  });

  test('what cannot be looked for lets nobody in, and refuses', async () => {
    const expression = { regex: '.*/jane/x' };
    const authentication = { providers: [provider(a)] };
    const token = a.token(TOKEN);
    await secure({ authentication, ...allow(ruleWhen(is('request-principal', expression))) });
    expect(await status(token)).toBe(403);
    await secure({ authentication, ...allow(ruleWhen(isNot('request-principal', expression))) });
    expect(await status(token)).toBe(403);
    await secure({ authentication, ...deny(ruleWhen(is('request-principal', expression))) });
    expect(await status(token)).toBe(403);
    await secure({ authentication, ...deny(ruleWhen(isNot('request-principal', expression))) });
    expect(await status(token)).toBe(403);
  });
});
