import { describe, expect, test } from 'vitest';
import { TestMesh, target } from '../testing/mesh.ts';
import { age, service, virtualService } from '../testing/resources.ts';
import { httpRouteGroup, smi, trafficSplit } from '../testing/smi.ts';

const http = [{ name: 'http', port: 80 }];
const shop = [service('web', http), service('web-v1', http), service('web-v2', http)];

/** Where requests for `web` go, for clients of a namespace. */
function ways(mesh: TestMesh, namespace = 'default', host = 'web.default.svc.cluster.local:80'): readonly string[] {
  return mesh.routes(host, mesh.sidecar(namespace)).map(target);
}

/** Where bytes to a port of the first service go. */
function bytes(mesh: TestMesh, port: number) {
  const listener = mesh.sidecar().tcpListeners.find((one) => one.address === '10.96.0.1' && one.port === port);
  return listener?.destinations.map(({ cluster, weight }) => `${cluster}:${weight}`);
}

describe('a TrafficSplit in plans (001-76, 001-80)', () => {
  test('TrafficSplit service and backends.weight split in every version alike, for clients everywhere', () => {
    const written = {
      v1alpha1: ['500m', '1500m'],
      v1alpha2: [1, 3],
      v1alpha3: [1, 3],
      v1alpha4: [1, 3],
    };
    for (const [version, [a, b]] of Object.entries(written)) {
      const backends = [
        { service: 'web-v1', weight: a },
        { service: 'web-v2', weight: b },
      ];
      const split = smi(`TrafficSplit/${version}`, 'canary', { spec: { service: 'web', backends } });
      const mesh = new TestMesh(...shop, split);
      const expected = version === 'v1alpha1' ? 'web-v1|80:0.5 web-v2|80:1.5' : 'web-v1|80:1 web-v2|80:3';
      expect(ways(mesh)).toEqual([expected]);
      expect(ways(mesh, 'elsewhere')).toEqual([expected]);
      expect(mesh.remarks(split)).toEqual([]);
      expect(ways(mesh.delete(split))).toEqual(['web|80:100']);
    }
  });

  test('TrafficSplit backends.weight 0 takes nothing', () => {
    const mesh = new TestMesh(...shop, trafficSplit('canary', 'web', { 'web-v1': 100, 'web-v2': 0 }));
    expect(ways(mesh)).toEqual(['web-v1|80:100']);
  });

  test('TrafficSplit matches send what they describe to the backends and the rest to the service itself', () => {
    const split = trafficSplit('ab', 'web', { 'web-v1': 0, 'web-v2': 100 }, { groups: ['firefox', 'mobile'] });
    const firefox = httpRouteGroup('firefox', { name: 'any', headers: { 'User-Agent': '.*Firefox.*' } });
    const mobile = httpRouteGroup('mobile', { name: 'api', pathRegex: '/m/', methods: ['GET'] });
    const mesh = new TestMesh(...shop, split, firefox);
    // A group that is not there (yet) describes nothing.
    expect(ways(mesh)).toEqual(['web-v2|80:100', 'web|80:100']);
    mesh.apply(mobile);
    expect(ways(mesh)).toEqual(['web-v2|80:100', 'web-v2|80:100', 'web|80:100']);
    expect(mesh.routes('web.default').map(({ match }) => match)).toMatchObject([
      { headers: [{ name: 'user-agent', match: { regex: '.*Firefox.*' } }] },
      { path: { regex: '(?:/m/).*' }, method: { exact: 'GET' } },
      { headers: [] },
    ]);
    expect(ways(mesh.delete(firefox, mobile))).toEqual(['web|80:100']);
  });

  test('TrafficSplit backends get the port that was asked for, and nothing where they lack it', () => {
    const two = [
      { name: 'http', port: 80 },
      { name: 'http-admin', port: 81 },
    ];
    const split = trafficSplit('canary', 'web', { 'web-v1': 1, 'web-v2': 1, 'web-v3': 2 });
    const other = service('web-v3', [{ name: 'http', port: 8080 }]);
    const mesh = new TestMesh(service('web', two), service('web-v1', two), service('web-v2', http), other, split);
    expect(ways(mesh)).toEqual(['web-v1|80:1 web-v2|80:1']);
    expect(ways(mesh, 'default', 'web.default.svc.cluster.local:81')).toEqual(['web-v1|81:1']);
    expect(mesh.remarks(split)).toEqual([
      'invalid: spec.backends[1]: web-v2.default.svc.cluster.local has no port 81, as web.default.svc.cluster.local has; there it gets nothing, and its share goes to the others',
      'invalid: spec.backends[2]: web-v3.default.svc.cluster.local has no port 80, as web.default.svc.cluster.local has; there it gets nothing, and its share goes to the others',
      'invalid: spec.backends[2]: web-v3.default.svc.cluster.local has no port 81, as web.default.svc.cluster.local has; there it gets nothing, and its share goes to the others',
    ]);
  });

  test('TrafficSplit backends that are not there get nothing, and with none left requests get 503', () => {
    const split = trafficSplit('canary', 'web', { 'web-v1': 1, 'web-v2': 1 });
    const [web, v1] = shop;
    if (web === undefined || v1 === undefined) throw new Error('no shop');
    const mesh = new TestMesh(web, v1, split);
    expect(ways(mesh)).toEqual(['web-v1|80:1']);
    expect(mesh.remarks(split)).toEqual([
      'invalid: spec.backends[1]: there is no service web-v2.default.svc.cluster.local; it gets nothing, and its share goes to the others',
    ]);
    expect(ways(mesh.delete(v1))).toEqual(['503']);
  });

  test('TrafficSplit service that is not there is remarked on', () => {
    const split = trafficSplit('canary', 'shop', { 'web-v1': 1 });
    expect(new TestMesh(...shop, split).remarks(split)).toEqual([
      'invalid: spec.service: there is no service shop.default.svc.cluster.local',
    ]);
  });

  test('TrafficSplit backends with a split of their own get their share unsplit, in a circle too', () => {
    const outer = trafficSplit('outer', 'web', { 'web-v1': 1 });
    const inner = trafficSplit('inner', 'web-v1', { web: 1 });
    const mesh = new TestMesh(...shop, outer, inner);
    expect(ways(mesh)).toEqual(['web-v1|80:1']);
    expect(ways(mesh, 'default', 'web-v1.default.svc.cluster.local:80')).toEqual(['web|80:1']);
    expect(mesh.remarks(outer)).toEqual([
      'invalid: spec.backends[0]: web-v1.default.svc.cluster.local is split by default/inner, which does not apply here: splits are not nested',
    ]);
    expect(mesh.remarks(inner)).toHaveLength(1);
  });

  test('TrafficSplit backends.service that is the service itself gets its share unsplit', () => {
    const split = trafficSplit('faults', 'web', { web: 800, 'web-v2': 200 });
    expect(ways(new TestMesh(...shop, split))).toEqual(['web|80:800 web-v2|80:200']);
  });

  test('of two TrafficSplits for one service the older one holds, and the other says so', () => {
    const old = trafficSplit('z', 'web', { 'web-v1': 1 }, { meta: age(1) });
    const young = trafficSplit('a', 'web', { 'web-v2': 1 }, { meta: age(2) });
    const mesh = new TestMesh(...shop, old, young);
    expect(ways(mesh)).toEqual(['web-v1|80:1']);
    expect(mesh.remarks(old)).toEqual([]);
    expect(mesh.remarks(young)).toEqual(['invalid: spec.service: sidecars follow default/z for this host']);
    expect(ways(mesh.delete(old))).toEqual(['web-v2|80:1']);
  });

  test('a TrafficSplit holds where no VirtualService does, whatever their names', () => {
    const split = trafficSplit('web', 'web', { 'web-v1': 1 });
    const rule = virtualService('web', { hosts: ['web'], http: [{ route: [{ destination: { host: 'web-v2' } }] }] });
    const mesh = new TestMesh(...shop, split, rule);
    expect(ways(mesh)).toEqual(['web-v2|80:100']);
    expect(mesh.remarks(split)).toEqual([
      'invalid: spec.service: is not used for web.default.svc.cluster.local: VirtualService default/web speaks of the same host and goes first',
    ]);
    expect(ways(mesh.delete(rule))).toEqual(['web-v1|80:1']);
  });

  test('TrafficSplit splits bytes and TLS, unless it looks at requests', () => {
    const ports = [
      { name: 'tcp', port: 3306 },
      { name: 'tls', port: 6443 },
    ];
    const all = ['db', 'db-v1', 'db-v2'].map((name, index) =>
      service(name, ports, { spec: { clusterIP: `10.96.0.${index + 1}` } }),
    );
    const split = trafficSplit('canary', 'db', { 'db-v1': 1, 'db-v2': 3 });
    const mesh = new TestMesh(...all, split);
    const to = (port: number) => [
      `outbound|${port}||db-v1.default.svc.cluster.local:1`,
      `outbound|${port}||db-v2.default.svc.cluster.local:3`,
    ];
    expect(bytes(mesh, 3306)).toEqual(to(3306));
    expect(bytes(mesh, 6443)).toEqual(to(6443));
    mesh.apply(trafficSplit('canary', 'db', { 'db-v1': 1, 'db-v2': 3 }, { groups: ['a'] }));
    expect(bytes(mesh, 3306)).toEqual(['outbound|3306||db.default.svc.cluster.local:100']);
  });
});
