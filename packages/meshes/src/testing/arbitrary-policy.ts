import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { secret } from './resources.ts';

/** Few places, so that clients and endpoints are near, far and nowhere. */
export const anyLocality = fc.constantFrom('eu/a', 'eu/b', 'us/a');

const localitySettings = fc.oneof(
  fc.constant({ enabled: false }),
  fc.constant({ distribute: [{ from: 'eu/*', to: { 'eu/*': 80, 'us/*': 20 } }] }),
  fc.constant({ failover: [{ from: 'eu', to: 'us' }] }),
  fc.constant({ failoverPriority: ['topology.kubernetes.io/zone', 'version'] }),
);
const hash = fc.constantFrom(
  { httpHeaderName: 'x-user' },
  { httpCookie: { name: 'user', ttl: '0s' } },
  { useSourceIp: true, maglev: { tableSize: 131 } },
);
const loadBalancer = fc.oneof(
  fc.constantFrom('RANDOM', 'ROUND_ROBIN', 'LEAST_REQUEST', 'PASSTHROUGH').map((simple) => ({ simple })),
  hash.map((consistentHash) => ({ consistentHash })),
  localitySettings.map((localityLbSetting) => ({ localityLbSetting })),
);
const connectionPool = fc.constantFrom(
  { tcp: { maxConnections: 1, idleTimeout: '5s' } },
  { http: { h2UpgradePolicy: 'UPGRADE', http1MaxPendingRequests: 2 } },
  { tcp: { connectTimeout: '1s' }, http: { useClientProtocol: true } },
);
const tls = fc.constantFrom(
  { mode: 'ISTIO_MUTUAL' },
  { mode: 'DISABLE' },
  { mode: 'SIMPLE' },
  { mode: 'SIMPLE', sni: 'db.example', subjectAltNames: ['db.example'] },
  { mode: 'MUTUAL', credentialName: 'a' },
  { mode: 'MUTUAL' },
);
const blocks = {
  tls,
  loadBalancer,
  connectionPool,
  outlierDetection: fc.constantFrom({}, { consecutive5xxErrors: 1, minHealthPercent: 50 }),
};

/** A trafficPolicy of a DestinationRule or of one of its subsets. */
export const anyTrafficPolicy = fc.record(
  {
    ...blocks,
    portLevelSettings: fc.record(blocks, { requiredKeys: [] }).map((block) => [{ port: { number: 80 }, ...block }]),
    retryBudget: fc.constant({ percent: 10 }),
    tunnel: fc.constant({ targetHost: 'far.example', targetPort: 443 }),
    proxyProtocol: fc.constant({ version: 'V2' }),
  },
  { requiredKeys: [] },
);

const pem = '-----BEGIN X-----';
const secrets = fc
  .tuple(
    fc.constantFrom('default/a', 'shop/a', 'default/a-cacert'),
    fc.subarray(['tls.crt', 'tls.key', 'ca.crt'], { minLength: 1 }),
  )
  .map(([name, keys]) => secret(name, Object.fromEntries(keys.map((key) => [key, pem]))));

const nodes = fc.tuple(fc.constantFrom('n1', 'n2'), fc.constantFrom('a', 'b')).map(
  ([name, zone]): Resource => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'topology.kubernetes.io/region': 'eu', 'topology.kubernetes.io/zone': zone } },
  }),
);

/** What policies look at besides services and workloads. */
export const anySurroundings: fc.Arbitrary<Resource> = fc.oneof(secrets, nodes);
