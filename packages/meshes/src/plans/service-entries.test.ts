import { describe, expect, it } from 'vitest';
import { TestMesh, target } from '../testing/mesh.ts';
import {
  age,
  destinationRule,
  pod,
  service,
  serviceEntry,
  slice,
  virtualService,
  workloadEntry,
} from '../testing/resources.ts';

const http = { number: 80, name: 'http', protocol: 'HTTP' };
const tcp = { number: 3306, name: 'tcp', protocol: 'TCP' };
const tls = { number: 443, name: 'tls', protocol: 'TLS' };
const entry = (spec: object, name = 'api', created = 1) =>
  serviceEntry(name, { hosts: ['api.example.com'], ports: [http], resolution: 'STATIC', ...spec }, age(created));
const endpoints = [{ address: '192.0.2.1' }];

describe('001-58 services outside: what sidecars may call', () => {
  it('ServiceEntry hosts are domains of HTTP, with the address that was chosen for them', () => {
    const mesh = new TestMesh(entry({ endpoints }));
    const [record] = mesh.sidecar().dns;
    expect(record).toEqual({ name: 'api.example.com', addresses: [expect.stringMatching(/^240\.240\./)] });
    const address = record?.addresses[0];
    const domains = ['api.example.com', 'api.example.com:80', address, `${address}:80`];
    expect(mesh.virtualHost('api')?.domains).toEqual(expect.arrayContaining(domains));
    expect(mesh.routes('api').map(target)).toEqual(['api.example.com|80:100']);
  });

  it('ServiceEntry hosts: a pattern is a domain, and resolves to nothing', () => {
    const mesh = new TestMesh(entry({ hosts: ['*.example.com'], resolution: 'NONE' }));
    expect(mesh.virtualHost('*.example.com')?.domains).toEqual(
      expect.arrayContaining(['*.example.com', '*.example.com:80']),
    );
    expect(mesh.sidecar().dns).toEqual([]);
  });

  it.each([
    ['NONE', undefined, 'original-destination', undefined],
    ['STATIC', endpoints, undefined, undefined],
    ['DNS', undefined, 'strict-dns', ['api.example.com']],
    ['DNS', [{ address: 'a.example' }, { address: 'b.example' }], 'strict-dns', ['a.example', 'b.example']],
    ['DNS_ROUND_ROBIN', undefined, 'logical-dns', ['api.example.com']],
  ])('ServiceEntry resolution %s with endpoints %j', (resolution, written, discovery, inline) => {
    const plan = new TestMesh(entry({ resolution, endpoints: written })).sidecar();
    expect(plan.clusters).toMatchObject([
      { name: 'outbound|80||api.example.com', isExternal: true, tls: { mode: 'plain' } },
    ]);
    expect(plan.clusters[0]?.discovery).toBe(discovery);
    expect(plan.clusters[0]?.inlineEndpoints?.map(({ address }) => address)).toEqual(inline);
    expect(plan.endpoints.map(({ cluster }) => cluster)).toEqual(
      discovery === undefined ? ['outbound|80||api.example.com'] : [],
    );
  });

  describe('ServiceEntry resolution DYNAMIC_DNS', () => {
    const dynamic = (ports: readonly object[] = [http, tls]) =>
      entry({ hosts: ['*.example.com'], ports, resolution: 'DYNAMIC_DNS' });

    it('is a cluster without endpoints of its own', () => {
      const plan = new TestMesh(dynamic()).sidecar();
      expect(plan.clusters).toMatchObject([
        { name: 'outbound|80||*.example.com', discovery: 'dynamic-dns', isExternal: true, tls: { mode: 'plain' } },
        { name: 'outbound|443||*.example.com', discovery: 'dynamic-dns', isExternal: true },
      ]);
      expect(plan.endpoints).toEqual([]);
    });

    it('resolves server names of TLS, also where a rule leads to it, and nothing where it leads elsewhere', () => {
      const chainsOf = (host: string) => {
        const route = [{ destination: { host, port: { number: 443 } } }];
        const rules = [{ match: [{ sniHosts: ['a.example.com'] }], route }];
        const routing = virtualService('routes', { hosts: ['*.example.com'], tls: rules });
        const other = entry({ hosts: ['other.example.org'], ports: [tls], endpoints }, 'other');
        const plan = new TestMesh(dynamic(), other, routing).sidecar();
        const chains = plan.tcpListeners.flatMap((listener) => listener.chains ?? []);
        return chains.filter(({ serverNames }) => serverNames?.includes('a.example.com'));
      };
      const [plain] = new TestMesh(dynamic()).sidecar().tcpListeners.flatMap(({ chains = [] }) => chains);
      expect(plain).toMatchObject({ serverNames: ['*.example.com'], resolvesServerNameAt: 443 });
      expect(chainsOf('*.example.com')).toMatchObject([{ resolvesServerNameAt: 443 }]);
      const elsewhere = chainsOf('other.example.org');
      expect(elsewhere).toMatchObject([{ destinations: [{ cluster: 'outbound|443||other.example.org' }] }]);
      expect(elsewhere[0]).not.toHaveProperty('resolvesServerNameAt');
    });
  });

  it('ServiceEntry ports.targetPort is the port at the endpoint, also where the client says which', () => {
    const ports = [{ ...http, targetPort: 8080 }];
    const fixed = new TestMesh(entry({ ports, endpoints })).sidecar();
    expect(fixed.endpoints[0]?.endpoints).toMatchObject([{ address: '192.0.2.1', port: 8080 }]);
    expect(new TestMesh(entry({ ports, resolution: 'NONE' })).sidecar().clusters[0]?.portOverride).toBe(8080);
  });

  it('ServiceEntry endpoints.ports decide over the target port', () => {
    const ports = [{ ...http, targetPort: 8080 }];
    const plan = new TestMesh(entry({ ports, endpoints: [{ address: '192.0.2.1', ports: { http: 9090 } }] })).sidecar();
    expect(plan.endpoints[0]?.endpoints).toMatchObject([{ port: 9090 }]);
  });

  it('ServiceEntry endpoints.labels are what subsets look at', () => {
    const labelled = [
      { address: '192.0.2.1', labels: { version: 'v1' } },
      { address: '192.0.2.2', labels: { version: 'v2' } },
    ];
    const rule = destinationRule('api', {
      host: 'api.example.com',
      subsets: [{ name: 'v2', labels: { version: 'v2' } }],
    });
    const plan = new TestMesh(entry({ endpoints: labelled }), rule).sidecar();
    expect(plan.endpoints.map((one) => one.endpoints.map(({ address }) => address))).toEqual([
      ['192.0.2.1', '192.0.2.2'],
      ['192.0.2.2'],
    ]);
  });

  it('ServiceEntry endpoints.weight and endpoints.locality are carried over', () => {
    const plan = new TestMesh(
      entry({ endpoints: [{ address: '192.0.2.1', weight: 5, locality: 'eu/eu-1' }] }),
    ).sidecar();
    expect(plan.endpoints[0]?.endpoints).toMatchObject([{ weight: 5, locality: 'eu/eu-1' }]);
  });

  it('ServiceEntry endpoints.serviceAccount means a sidecar, when the service is in the mesh', () => {
    const withAccount = [{ address: '192.0.2.1', serviceAccount: 'api' }];
    const inside = new TestMesh(entry({ location: 'MESH_INTERNAL', endpoints: withAccount })).sidecar();
    expect(inside.clusters[0]?.tls).toMatchObject({
      mode: 'auto',
      subjectAltNames: ['spiffe://cluster.local/ns/default/sa/api'],
    });
    expect(inside.endpoints[0]?.endpoints).toMatchObject([{ mutualTls: true }]);
    const outside = new TestMesh(entry({ endpoints: withAccount })).sidecar();
    expect(outside.clusters[0]?.tls).toEqual({ mode: 'plain' });
    expect(outside.endpoints[0]?.endpoints).toMatchObject([{ mutualTls: false }]);
  });

  it('ServiceEntry endpoints.address never leads to a Unix socket', () => {
    const plan = new TestMesh(entry({ endpoints: [{ address: 'unix:///run/api.sock' }] })).sidecar();
    expect(plan.endpoints.flatMap((cluster) => cluster.endpoints)).toEqual([]);
  });

  it('ServiceEntry subjectAltNames are accepted besides those of its workloads', () => {
    const names = ['spiffe://cluster.local/ns/vm/sa/db'];
    const plan = new TestMesh(entry({ location: 'MESH_INTERNAL', endpoints, subjectAltNames: names })).sidecar();
    expect(plan.clusters[0]?.tls).toMatchObject({ subjectAltNames: names });
  });

  it.each([
    ['when the rule names none', {}, ['db.example.com']],
    ['unless the rule names some', { subjectAltNames: ['other.example.com'] }, ['other.example.com']],
    ['unless the rule verifies nothing', { insecureSkipVerify: true }, []],
  ])('ServiceEntry subjectAltNames are what a rule with TLS of mode SIMPLE verifies, %s', (_, more, expected) => {
    const trafficPolicy = { tls: { mode: 'SIMPLE', ...more } };
    const rule = destinationRule('api', { host: 'api.example.com', trafficPolicy });
    const plan = new TestMesh(entry({ endpoints, subjectAltNames: ['db.example.com'] }), rule).sidecar();
    expect(plan.clusters[0]?.tls).toMatchObject({ mode: 'custom', subjectAltNames: expected });
  });

  it('ServiceEntry location: what is not in the mesh is presented no identity, unless a rule says so', () => {
    const rule = destinationRule('api', { host: 'api.example.com', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } });
    expect(new TestMesh(entry({ endpoints }), rule).sidecar().clusters[0]?.tls.mode).toBe('mutual');
  });
});

describe('how connections without HTTP are told apart', () => {
  const listeners = (mesh: TestMesh) =>
    mesh
      .sidecar()
      .tcpListeners.map(({ address, port, destinations, chains = [] }) => [
        `${address.replace(/^240\.240\..*/, 'chosen')}:${port}`,
        destinations.map(({ cluster }) => cluster.split('|')[3]),
        chains.map(({ serverNames, destinationCidrs }) => serverNames ?? destinationCidrs),
      ]);

  it('TCP: by the address that was chosen, each service its own; other addresses of the port mean the first', () => {
    const other = entry({ hosts: ['db.example.com'], ports: [tcp], endpoints }, 'db');
    const mesh = new TestMesh(entry({ ports: [tcp], endpoints }), other);
    expect(listeners(mesh)).toEqual([
      ['chosen:3306', ['api.example.com'], []],
      ['0.0.0.0:3306', ['api.example.com'], []],
      ['chosen:3306', ['db.example.com'], []],
    ]);
    const addresses = mesh.sidecar().tcpListeners.map(({ address }) => address);
    expect(new Set(addresses).size).toBe(3);
  });

  it('TCP: by an address of the entry, by a range, and without both by the port alone', () => {
    const of = (spec: object) => listeners(new TestMesh(entry({ ports: [tcp], resolution: 'NONE', ...spec })));
    expect(of({ addresses: ['192.0.2.7'] })).toEqual([['192.0.2.7:3306', ['api.example.com'], []]]);
    expect(of({ addresses: ['192.0.2.0/24'] })).toEqual([['0.0.0.0:3306', [], [['192.0.2.0/24']]]]);
    expect(of({})).toEqual([['0.0.0.0:3306', ['api.example.com'], []]]);
  });

  it('TLS: by the server name, also at addresses that programs know from elsewhere', () => {
    const other = entry({ hosts: ['*.example.org'], ports: [tls], resolution: 'NONE' }, 'org');
    expect(listeners(new TestMesh(entry({ ports: [tls], endpoints }), other))).toEqual([
      ['0.0.0.0:443', [], [['*.example.org'], ['api.example.com']]],
      ['chosen:443', ['api.example.com'], []],
    ]);
  });

  it('a port shared with HTTP reads what begins like HTTP, and declared HTTP keeps the rest from strangers', () => {
    const shared = entry({ hosts: ['tls.example.com'], ports: [{ ...tls, number: 80 }], endpoints }, 'tls');
    const plan = new TestMesh(entry({ endpoints }), shared).sidecar();
    const wide = plan.tcpListeners.find(({ address }) => address === '0.0.0.0');
    expect(wide?.detected).toBe(plan.httpPorts[0]);
    const thief = entry({ hosts: ['thief.example'], ports: [{ ...tcp, number: 80 }], resolution: 'NONE' }, 'thief');
    expect(new TestMesh(entry({ endpoints }), thief).sidecar().tcpListeners).toEqual([]);
  });
});

describe('several resources for one host', () => {
  const hostEndpoints = (mesh: TestMesh, namespace?: string) =>
    mesh.sidecar(namespace).endpoints.flatMap((one) => one.endpoints.map(({ address }) => address));
  const at = (address: string) => ({ endpoints: [{ address }] });

  it('the own namespace goes first, then a Service of Kubernetes, then the oldest', () => {
    const mesh = new TestMesh(entry(at('192.0.2.1'), 'shop/api', 2), entry(at('192.0.2.2'), 'other/api', 1));
    expect(hostEndpoints(mesh, 'shop')).toEqual(['192.0.2.1']);
    expect(hostEndpoints(mesh, 'other')).toEqual(['192.0.2.2']);
    expect(hostEndpoints(mesh, 'default')).toEqual(['192.0.2.2']);
    const kubernetes = service('shop/db', [{ name: 'http', port: 80 }], { meta: age(9) });
    const squatter = entry({ hosts: ['db.shop.svc.cluster.local'], ...at('192.0.2.3') }, 'other/db', 1);
    const both = new TestMesh(kubernetes, squatter);
    expect(hostEndpoints(both)).toEqual([]);
    expect(both.virtualHost('db')?.domains).toContain('db.shop');
    expect(hostEndpoints(both, 'other')).toEqual(['192.0.2.3']);
  });

  it('entries of one namespace are put together when they differ in ports only; endpoints of all of them count', () => {
    const first = entry(at('192.0.2.1'), 'a', 1);
    const second = entry({ ports: [http, tls], ...at('192.0.2.2') }, 'b', 2);
    const plan = new TestMesh(first, second).sidecar();
    expect(plan.clusters.map(({ port }) => port)).toEqual([80, 443]);
    expect(plan.endpoints[0]?.endpoints.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2']);
    const different = entry({ ports: [tls], resolution: 'DNS' }, 'b', 2);
    expect(new TestMesh(first, different).sidecar().clusters.map(({ port }) => port)).toEqual([80]);
  });

  it('an entry beside a Service of Kubernetes only adds names that its servers may have', () => {
    const names = ['spiffe://cluster.local/ns/vm/sa/db'];
    const decorator = entry({
      hosts: ['db.default.svc.cluster.local'],
      ports: [tls],
      subjectAltNames: names,
      ...at('192.0.2.3'),
    });
    const mesh = new TestMesh(service('db', [{ name: 'http', port: 80 }]), decorator);
    expect(mesh.sidecar().clusters).toMatchObject([{ port: 80, tls: { subjectAltNames: names } }]);
    expect(mesh.sidecar().clusters).toHaveLength(1);
  });
});

describe('000-32 WorkloadEntries', () => {
  const vm = (name: string, spec: object = {}) =>
    workloadEntry(name, { address: '192.0.2.9', labels: { app: 'vm' }, serviceAccount: 'vm', ...spec });
  const endpointsOf = (mesh: TestMesh) => mesh.sidecar().endpoints[0]?.endpoints;

  it('are endpoints of Services that select them', () => {
    const mesh = new TestMesh(service('vm', [{ name: 'http', port: 80, targetPort: 8080 }]), vm('one'));
    expect(endpointsOf(mesh)).toMatchObject([
      { address: '192.0.2.9', port: 8080, mutualTls: true, workload: { pod: 'one', serviceAccount: 'vm' } },
    ]);
    expect(mesh.sidecar().clusters[0]).toMatchObject({
      isExternal: true,
      tls: { subjectAltNames: ['spiffe://cluster.local/ns/default/sa/vm'] },
    });
  });

  it('WorkloadEntry ports, weight and locality hold', () => {
    const named = vm('one', { ports: { http: 9090 }, weight: 4, locality: 'eu/eu-1/a' });
    const mesh = new TestMesh(service('vm', [{ name: 'http', port: 80, targetPort: 8080 }]), named);
    expect(endpointsOf(mesh)).toMatchObject([{ port: 9090, weight: 4, locality: 'eu/eu-1/a' }]);
  });

  it('WorkloadEntry labels decide, and so does the namespace', () => {
    const mesh = new TestMesh(
      service('vm', [{ name: 'http', port: 80 }]),
      vm('one', { labels: { app: 'other' } }),
      vm('elsewhere/two'),
    );
    expect(endpointsOf(mesh)).toEqual([]);
  });

  it('beside pods of the same Service cannot be reached, since those are in the network of the mesh, and says so', () => {
    const entryOfVm = vm('one');
    const mesh = new TestMesh(
      service('vm', [{ name: 'http', port: 80 }]),
      pod('vm-1', { app: 'vm' }),
      slice('vm', { name: 'http', port: 80 }, [{ ip: '10.244.0.1', pod: 'vm-1' }]),
      entryOfVm,
    );
    expect(mesh.sidecar().clusters[0]?.isExternal).toBeUndefined();
    expect(mesh.remarks(entryOfVm)).toEqual([expect.stringContaining('vm.default.svc.cluster.local')]);
  });

  it('that are attached are called where the proxies are, beside pods too', () => {
    const one = vm('one');
    const attached = { ...one, metadata: { ...one.metadata, annotations: { 'meshwise.dev/attached': 'envoy' } } };
    const alone = new TestMesh(service('vm', [{ name: 'http', port: 80 }]), attached);
    expect(alone.sidecar().clusters[0]?.isExternal).toBeUndefined();
    expect(endpointsOf(alone)).toMatchObject([{ address: '192.0.2.9', mutualTls: true }]);
    const outside = vm('two');
    alone.apply(outside);
    expect(alone.remarks(attached)).toEqual([]);
    expect(alone.remarks(outside)).toEqual([expect.stringContaining('attached processes')]);
  });

  it('ServiceEntry workloadSelector selects WorkloadEntries and pods that are ready', () => {
    const ready = pod('vm-1', { app: 'vm' });
    const status = { podIP: '10.244.0.7', conditions: [{ type: 'Ready', status: 'True' }] };
    const selecting = entry({ location: 'MESH_INTERNAL', workloadSelector: { labels: { app: 'vm' } } });
    const mesh = new TestMesh(selecting, vm('one'), { ...ready, status });
    expect(endpointsOf(mesh)?.map(({ address }) => address)).toEqual(['10.244.0.7', '192.0.2.9']);
    mesh.apply(ready);
    expect(endpointsOf(mesh)?.map(({ address }) => address)).toEqual(['192.0.2.9']);
  });
});

describe('000-31 exportTo: who sees what', () => {
  const names = (mesh: TestMesh, namespace: string) => mesh.sidecar(namespace).clusters.map(({ host }) => host);
  const settings = (data: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh: data },
  });

  it('ServiceEntry exportTo', () => {
    const mesh = new TestMesh(entry({ endpoints, exportTo: ['.'] }));
    expect(names(mesh, 'default')).toEqual(['api.example.com']);
    expect(names(mesh, 'shop')).toEqual([]);
    expect(mesh.sidecar('shop').dns).toEqual([]);
    mesh.apply(entry({ endpoints, exportTo: ['shop'] }));
    expect(names(mesh, 'shop')).toEqual(['api.example.com']);
    expect(names(mesh, 'default')).toEqual([]);
  });

  it('the annotation networking.istio.io/exportTo of a Service', () => {
    const of = (value: string) =>
      service('a', [{ name: 'http', port: 80 }], { meta: { annotations: { 'networking.istio.io/exportTo': value } } });
    const mesh = new TestMesh(of('shop, other'));
    expect(['default', 'shop', 'other'].map((namespace) => names(mesh, namespace).length)).toEqual([0, 1, 1]);
    mesh.apply(of('~'));
    expect(names(mesh, 'default')).toEqual([]);
  });

  it('MeshConfig defaultServiceExportTo holds where nobody says anything', () => {
    const mesh = new TestMesh(entry({ endpoints }), settings('defaultServiceExportTo: ["."]'));
    expect([names(mesh, 'default').length, names(mesh, 'shop').length]).toEqual([1, 0]);
    mesh.apply(entry({ endpoints, exportTo: ['*'] }));
    expect(names(mesh, 'shop')).toHaveLength(1);
  });

  it('a rule that leads to what its client cannot see answers 503', () => {
    const route = [{ destination: { host: 'api.example.com' } }];
    const mesh = new TestMesh(
      service('a', [{ name: 'http', port: 80 }]),
      entry({ endpoints, exportTo: ['.'] }),
      virtualService('a', { hosts: ['a.default.svc.cluster.local'], http: [{ route }] }),
    );
    expect(mesh.routes('a.default').map(target)).toEqual(['api.example.com|80:100']);
    expect(mesh.routes('a.default', mesh.sidecar('shop')).map(target)).toEqual(['503']);
  });
});

it('names are one table for all namespaces as long as all see the same', () => {
  const mesh = new TestMesh(entry({ endpoints }));
  expect(mesh.sidecar('default').dns).toBe(mesh.sidecar('shop').dns);
  mesh.apply(entry({ endpoints, exportTo: ['.'] }));
  expect(mesh.sidecar('default').dns).not.toEqual(mesh.sidecar('shop').dns);
});

describe('what becomes of destinations that nobody knows', () => {
  const settings = (mode: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh: `outboundTrafficPolicy: {mode: ${mode}}` },
  });

  it('they are passed on, as in a fresh Istio, unless MeshConfig outboundTrafficPolicy refuses them', () => {
    const mesh = new TestMesh();
    expect(mesh.sidecar().unknownDestinations).toBe('pass-through');
    mesh.apply(settings('REGISTRY_ONLY'));
    expect(mesh.sidecar().unknownDestinations).toBe('refuse');
    expect(mesh.model.outbound('node').unknownDestinations).toBe('pass-through');
    expect(mesh.model.outbound('gateway/default').unknownDestinations).toBeUndefined();
  });
});
