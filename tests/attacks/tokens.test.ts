import { keySourceId } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from '../../packages/xds/src/control-plane/testing/envoy.ts';
import { attempt, type Outcome, Tally } from './support/attempt.ts';
import {
  AUDIENCE,
  claims,
  ISSUER,
  keySetOf,
  TokenKey,
  withoutSignature,
  withPayload,
  withPublicKeyAsSecret,
} from './support/tokens.ts';
import { World } from './support/world.ts';

const policies = (keys: string) => `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: default }
spec:
  selector: { matchLabels: { app: ledger } }
  jwtRules:
    - issuer: ${ISSUER}
      audiences: [${AUDIENCE}]
      ${keys}
      outputPayloadToHeader: x-token-payload
      outputClaimToHeaders: [{ header: x-token-group, claim: group }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: tokens, namespace: default }
spec:
  selector: { matchLabels: { app: ledger } }
  rules:
    - to: [{ operation: { paths: [/open] } }]
    - from: [{ source: { requestPrincipals: ["${ISSUER}/*"] } }]
      to: [{ operation: { paths: [/any-token] } }]
    - from: [{ source: { requestPrincipals: ["${ISSUER}/*"] } }]
      to: [{ operation: { paths: [/admins] } }]
      when: [{ key: "request.auth.claims[group]", values: [admins] }]
`;

const PATHS = ['/open', '/any-token', '/admins', '/nobody'] as const;
type Outcomes = readonly [open: Outcome, anyToken: Outcome, admins: Outcome, nobody: Outcome];

const WITHOUT: Outcomes = ['reached', 403, 403, 403];
const READER: Outcomes = ['reached', 'reached', 403, 403];
const ADMIN: Outcomes = ['reached', 'reached', 'reached', 403];
/** A bad token is worse than none: even what is open to all is refused. */
const BAD: Outcomes = [401, 401, 401, 401];

/** A good signature, and a word for somebody else: known, and not let in (Envoy). */
const FOR_OTHERS: Outcomes = [403, 403, 403, 403];

const key = new TokenKey('key-1');
const other = new TokenKey('key-2');
const sameId = new TokenKey('key-1');
const good = key.signed(claims());
const nowS = Math.floor(Date.now() / 1_000);
const URI: string = 'https://issuer.example.com/keys';
const tally = new Tally('tokens');

describe.skipIf(ENVOY === undefined)('a workload that asks for tokens (000-35, C3 Lab 6)', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(89);
    await world.apply(policies(`jwks: '${keySetOf(key)}'`));
  });

  afterAll(async () => {
    tally.print();
    await world?.stop();
  });

  async function outcomes(headers: readonly (readonly [string, string])[]): Promise<readonly Outcome[]> {
    const found: Outcome[] = [];
    for (const path of PATHS) found.push(await attempt(world, undefined, 'GET', path, headers));
    for (const outcome of found) tally.add(outcome);
    return found;
  }

  const bearer = (token: string) => [['authorization', `Bearer ${token}`]] as const;

  test.each<readonly [string, string, Outcomes]>([
    ['that is good', good, READER],
    ['that is good, of an admin', key.signed(claims({ group: 'admins' })), ADMIN],
    ['that is good, of an admin among other groups', key.signed(claims({ group: ['users', 'admins'] })), ADMIN],
    ['that is good, for several audiences', key.signed(claims({ aud: ['x', AUDIENCE] })), READER],
    ['that names no key, though there is one only', key.signed(claims(), { kid: undefined }), READER],
    ['signed with a key that nobody knows', other.signed(claims()), BAD],
    ['signed with an own key under the name of a good one', sameId.signed(claims({ group: 'admins' })), BAD],
    ['without signature, alg none', withoutSignature(claims({ group: 'admins' })), BAD],
    ['without signature, alg nOnE', withoutSignature(claims({ group: 'admins' }), 'nOnE'), BAD],
    ['without signature, alg RS256', withoutSignature(claims({ group: 'admins' }), 'RS256'), BAD],
    ['signed by HMAC with the public key', withPublicKeyAsSecret(key, claims({ group: 'admins' })), BAD],
    ['whose payload was exchanged', withPayload(good, claims({ group: 'admins' })), BAD],
    ['that brings its own key', other.signed(claims(), { kid: 'key-2', jwk: other.jwk }), BAD],
    ['that says where its key is', other.signed(claims(), { jku: 'http://127.0.0.1/keys' }), BAD],
    ['of another issuer', key.signed(claims({ iss: 'https://evil.example.com' })), BAD],
    ['without issuer', key.signed(claims({ iss: undefined })), BAD],
    ['for another audience', key.signed(claims({ aud: 'shop.example.com' })), FOR_OTHERS],
    ['for no audience', key.signed(claims({ aud: undefined })), FOR_OTHERS],
    ['that has expired', key.signed(claims({ exp: nowS - 3_600 })), BAD],
    ['that is not valid yet', key.signed(claims({ nbf: nowS + 3_600 })), BAD],
    ['of two parts', good.split('.').slice(0, 2).join('.'), BAD],
    ['that is no token', 'admins', BAD],
    ['that is empty, which is none', '', WITHOUT],
  ])('a token %s', async (_, token, expected) => {
    expect(await outcomes(bearer(token))).toEqual(expected);
  });

  test.each<readonly [string, readonly (readonly [string, string])[], Outcomes]>([
    ['no token', [], WITHOUT],
    ['a password instead of a token', [['authorization', 'Basic YTpi']], WITHOUT],
    ['a good token in a header that nobody reads', [['x-token', good]], WITHOUT],
    ['a good token and a bad one', [...bearer(good), ...bearer('bad')], BAD],
    ['a bad token and a good one', [...bearer('bad'), ...bearer(good)], BAD],
    [
      'the payload of an admin without a token',
      [
        ['x-token-payload', 'eyJncm91cCI6ImFkbWlucyJ9'],
        ['x-token-group', 'admins'],
      ],
      WITHOUT,
    ],
  ])('%s', async (_, headers, expected) => {
    expect(await outcomes(headers)).toEqual(expected);
  });

  test.each<readonly [string, readonly (readonly [string, string])[]]>([
    ['without a token', []],
    ['beside a good token', bearer(good)],
  ])('headers that speak for a token are taken away from a client that sends them %s', async (_, headers) => {
    const forged = [
      ['x-token-payload', 'Zm9yZ2Vk'],
      ['x-token-group', 'admins'],
      ['X-Token-Group', 'admins'],
    ] as const;
    expect(await attempt(world, undefined, 'GET', '/open', [...headers, ...forged])).toBe('reached');
    const received = world.program.received.at(-1)?.headers ?? {};
    expect(received['x-token-group']).toBeUndefined();
    expect(received['x-token-payload']).not.toBe('Zm9yZ2Vk');
  });

  test.each<readonly [string, string, Outcomes]>([
    ['good', good, READER],
    ['good, of an admin', key.signed(claims({ group: 'admins' })), ADMIN],
    ['signed with a key that nobody knows', other.signed(claims({ group: 'admins' })), BAD],
    ['without signature', withoutSignature(claims({ group: 'admins' })), BAD],
  ])('a token in the address (RFC 6750, 2.3) counts like one in the header: %s', async (_, token, expected) => {
    const found: Outcome[] = [];
    for (const path of PATHS) found.push(await attempt(world, undefined, 'GET', `${path}?access_token=${token}`));
    for (const outcome of found) tally.add(outcome);
    expect(found).toEqual(expected);
  });

  test('an issuer that is down: nobody’s token is good, and who needs none passes', async () => {
    await world.apply(policies(`jwksUri: ${URI}`));
    expect(await outcomes([])).toEqual(WITHOUT);
    expect(await outcomes(bearer(good))).toEqual(BAD);
  });

  test('an issuer that changes its keys: the new ones are good at once, the old ones no longer', async () => {
    await world.apply(policies(`jwksUri: ${URI}`));
    const [source] = world.model.keySources();
    const id = source === undefined ? '' : keySourceId(source);
    const publish = async (...keys: readonly TokenKey[]) => {
      world.model.setKeySet(id, keySetOf(...keys));
      await world.settled();
    };
    await publish(key);
    expect(await outcomes(bearer(good))).toEqual(READER);
    await publish(key, other);
    expect(await outcomes(bearer(good))).toEqual(READER);
    expect(await outcomes(bearer(other.signed(claims())))).toEqual(READER);
    await publish(other);
    expect(await outcomes(bearer(good))).toEqual(BAD);
    expect(await outcomes(bearer(other.signed(claims())))).toEqual(READER);
  });

  test('had a proxy that took all of it', () => {
    expect(world.rejections).toEqual([]);
  });
});
