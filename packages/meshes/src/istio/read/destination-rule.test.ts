import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destinationRule } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

function read(spec: object) {
  const { items = [], residues = [] } = istioMesh.read(destinationRule('a', { host: 'reviews', ...spec })) ?? {};
  return { item: items[0], fields: residues.map(({ severity, origin }) => `${severity} ${origin.field}`) };
}

/** What the reader makes of a trafficPolicy, and its remarks without the beginning that all of them share. */
function policy(trafficPolicy: object) {
  const { item, fields } = read({ trafficPolicy });
  const settings = item?.kind === 'destination-policy' ? item.settings : undefined;
  return { settings, fields: fields.map((field) => field.replace('spec.trafficPolicy.', '')) };
}

describe('a DestinationRule that is not quite right is read as far as it is, and every remark names its field', () => {
  it.each([
    [{ tls: { mode: 'NONSENSE' } }, {}, ['invalid tls.mode']],
    [{ tls: { mode: 'ISTIO_MUTUAL', privateKey: '/k' } }, { tls: { mode: 'mutual' } }, ['unsupported tls.privateKey']],
    [
      { tls: { mode: 'SIMPLE', sni: 'x'.repeat(256) } },
      { tls: { mode: 'simple', subjectAltNames: [] } },
      ['invalid tls.sni'],
    ],
    [
      { tls: { mode: 'MUTUAL' } },
      { tls: { mode: 'certificate', subjectAltNames: [] } },
      ['invalid tls.clientCertificate'],
    ],
    [
      { tls: { mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: ['a'] } },
      { tls: { mode: 'simple', subjectAltNames: ['a'], skipsVerification: true } },
      ['invalid tls.subjectAltNames'],
    ],
    [{ loadBalancer: { simple: 'BEST' } }, { loadBalancer: {} }, ['invalid loadBalancer.simple']],
    [
      { loadBalancer: { consistentHash: {} } },
      { loadBalancer: { algorithm: 'ring-hash', ring: { minimumSize: 1024 } } },
      ['invalid loadBalancer.consistentHash'],
    ],
    [
      { loadBalancer: { consistentHash: { httpHeaderName: 'a', maglev: { tableSize: 65_536 } } } },
      { loadBalancer: { algorithm: 'maglev', hash: { kind: 'header', name: 'a' } } },
      ['invalid loadBalancer.consistentHash.maglev.tableSize'],
    ],
    [
      { loadBalancer: { consistentHash: { httpHeaderName: 'a\nb' } } },
      { loadBalancer: { algorithm: 'ring-hash', ring: { minimumSize: 1024 } } },
      ['invalid loadBalancer.consistentHash.httpHeaderName', 'invalid loadBalancer.consistentHash'],
    ],
    [
      { loadBalancer: { consistentHash: { httpCookie: { name: '' } } } },
      { loadBalancer: { algorithm: 'ring-hash', ring: { minimumSize: 1024 } } },
      ['invalid loadBalancer.consistentHash.httpCookie.name', 'invalid loadBalancer.consistentHash'],
    ],
    [
      { loadBalancer: { simple: 'RANDOM', warmup: { duration: '1s' } } },
      { loadBalancer: { algorithm: 'random' } },
      ['invalid loadBalancer.warmup'],
    ],
    [
      { loadBalancer: { warmup: { minimumPercent: 101, aggression: 0 } } },
      { loadBalancer: {} },
      [
        'invalid loadBalancer.warmup.aggression',
        'invalid loadBalancer.warmup.duration',
        'invalid loadBalancer.warmup.minimumPercent',
      ],
    ],
    [
      { loadBalancer: { localityLbSetting: { failover: [{ from: 'a/b', to: 'c' }] } } },
      { loadBalancer: { locality: { distribute: [], failover: [], failoverPriority: [] } } },
      ['invalid loadBalancer.localityLbSetting.failover[0]'],
    ],
    [
      { loadBalancer: { localityLbSetting: { distribute: [{ from: 'a', to: { b: 90 } }] } } },
      {
        loadBalancer: { locality: { distribute: [{ from: 'a', to: { b: 90 } }], failover: [], failoverPriority: [] } },
      },
      ['invalid loadBalancer.localityLbSetting.distribute[0].to'],
    ],
    [
      { loadBalancer: { zoneAwareLbSetting: {} } },
      { loadBalancer: {} },
      ['unsupported loadBalancer.zoneAwareLbSetting'],
    ],
    [
      { connectionPool: { tcp: { connectTimeout: '0s', maxConnections: -1 } } },
      { connectionPool: {} },
      ['invalid connectionPool.tcp.connectTimeout', 'invalid connectionPool.tcp.maxConnections'],
    ],
    [
      { connectionPool: { tcp: { tcpKeepalive: { time: '40000s', probes: 128 } } } },
      { connectionPool: { tcpKeepalive: {} } },
      ['invalid connectionPool.tcp.tcpKeepalive.probes', 'invalid connectionPool.tcp.tcpKeepalive.time'],
    ],
    [
      { connectionPool: { http: { useClientProtocol: true, h2UpgradePolicy: 'UPGRADE' } } },
      { connectionPool: { usesClientProtocol: true } },
      ['invalid connectionPool.http.h2UpgradePolicy'],
    ],
    [
      { outlierDetection: { consecutiveErrors: 3, consecutiveLocalOriginFailures: 2 } },
      { outlierDetection: {} },
      ['unsupported outlierDetection.consecutiveErrors', 'invalid outlierDetection.consecutiveLocalOriginFailures'],
    ],
    [
      { tunnel: { protocol: 'PUT', targetHost: 'a', targetPort: 1 }, proxyProtocol: { version: 'V3' } },
      {},
      ['invalid tunnel.protocol', 'invalid proxyProtocol.version'],
    ],
    [
      { tunnel: { targetHost: 'a', targetPort: 1 }, proxyProtocol: {} },
      { tunnel: { method: 'CONNECT', host: 'a', port: 1 } },
      ['invalid proxyProtocol'],
    ],
    [{ portLevelSettings: [{ tls: {} }] }, {}, ['invalid portLevelSettings[0].port']],
    [{ somethingNew: 1 }, {}, ['unsupported somethingNew']],
  ])('%j', (written, settings, fields) => {
    const found = policy(written);
    expect(found.settings).toEqual(settings);
    expect([...found.fields].sort()).toEqual([...fields].sort());
  });

  it('tells a policy that says nothing from no policy', () => {
    expect(read({}).item).not.toHaveProperty('settings');
    expect(read({ trafficPolicy: {} }).item).toHaveProperty('settings', {});
  });

  it('reads subsets with policies of their own, and the first of two with one name', () => {
    const subsets = [
      { name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } },
      { name: 'v1', labels: { version: 'v2' } },
    ];
    const { item, fields } = read({ subsets });
    expect(item).toMatchObject({
      subsets: [{ name: 'v1', labels: { version: 'v1' }, settings: { loadBalancer: { algorithm: 'random' } } }],
    });
    expect(fields).toEqual(['invalid spec.subsets[1].name']);
  });

  it('keeps a rule for some workloads in its namespace', () => {
    const selector = { workloadSelector: { matchLabels: { app: 'x' } } };
    expect(read({ ...selector }).item).toMatchObject({ clientSelector: { app: 'x' }, exportTo: ['.'] });
    expect(read({ ...selector, exportTo: ['*'] })).toMatchObject({
      item: { exportTo: ['.'] },
      fields: ['invalid spec.exportTo'],
    });
  });

  it.each([
    [[], 'invalid spec.workloadSelector'],
    [{ matchLabels: 'x' }, 'invalid spec.workloadSelector.matchLabels'],
    [{ matchExpressions: [{}] }, 'unsupported spec.workloadSelector.matchExpressions'],
  ])('is applied to nobody when it is not clear whom %j selects', (workloadSelector, field) => {
    expect(read({ workloadSelector })).toEqual({ item: undefined, fields: [field] });
  });

  it('says that sidecars do not take credentialName from a rule for everybody', () => {
    const trafficPolicy = { tls: { mode: 'SIMPLE', credentialName: 'db' } };
    expect(read({ trafficPolicy }).fields).toEqual(['info spec.trafficPolicy.tls.credentialName']);
    expect(read({ trafficPolicy, workloadSelector: { matchLabels: { app: 'x' } } }).fields).toEqual([]);
  });
});

it('a DestinationRule of any shape is read without an exception', () => {
  const part = fc.jsonValue({ maxDepth: 3 });
  const keys = ['tls', 'loadBalancer', 'connectionPool', 'outlierDetection', 'portLevelSettings', 'tunnel'];
  const spec = fc.record({
    trafficPolicy: fc.dictionary(fc.constantFrom(...keys), part),
    subsets: part,
    workloadSelector: part,
    exportTo: part,
  });
  fc.assert(
    fc.property(spec, (value) => {
      expect(() => read(value)).not.toThrow();
    }),
  );
});
