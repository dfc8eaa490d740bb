import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from '../../packages/xds/src/control-plane/testing/envoy.ts';
import { attempt, type Outcome, Tally } from './support/attempt.ts';
import { World } from './support/world.ts';

const SUBNET = 92;
/** Where this test calls from, and where it pretends to (RFC 5737, 3). */
const [OWN, OTHER] = ['127.0.0.0/8', '203.0.113.0/24'];

const policy = (action: string, field: string, range: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: addresses, namespace: default }
spec:
  selector: { matchLabels: { app: ledger } }
  action: ${action}
  rules: [{ from: [{ source: { ${field}: ["${range}"] } }] }]
`;

/** Ways to say that one comes from elsewhere. */
const CLAIMS: readonly (readonly [string, string])[] = [
  ['x-forwarded-for', '203.0.113.7'],
  ['x-forwarded-for', '203.0.113.7, 203.0.113.8'],
  ['x-envoy-external-address', '203.0.113.7'],
  ['x-envoy-internal', 'true'],
  ['x-real-ip', '203.0.113.7'],
  ['forwarded', 'for=203.0.113.7'],
];

const tally = new Tally('addresses');

describe.skipIf(ENVOY === undefined)('a workload that asks where requests come from (001-7)', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(SUBNET);
  });

  afterAll(async () => {
    tally.print();
    await world?.stop();
  });

  async function outcomes() {
    const found: Outcome[] = [];
    for (const claim of CLAIMS) found.push(await attempt(world, undefined, 'GET', '/', [claim]));
    for (const outcome of found) tally.add(outcome);
    return new Set(found);
  }

  test.each([
    ['ALLOW', OWN, 'reached'],
    ['ALLOW', OTHER, 403],
    ['DENY', OWN, 403],
    ['DENY', OTHER, 'reached'],
  ] as const)('%s by ipBlocks %s goes by the connection, whatever headers say', async (action, range, expected) => {
    await world.apply(policy(action, 'ipBlocks', range));
    expect(await outcomes()).toEqual(new Set([expected]));
  });

  test('remoteIpBlocks at a sidecar go by what the caller says, as in Istio: they are for gateways', async () => {
    await world.apply(policy('ALLOW', 'remoteIpBlocks', OTHER));
    const from = (address: string) => attempt(world, undefined, 'GET', '/', [['x-forwarded-for', address]]);
    expect([await from('203.0.113.7'), await from('198.51.100.7')]).toEqual(['reached', 403]);
  });

  test('had a proxy that took all of it', () => {
    expect(world.rejections).toEqual([]);
  });
});
