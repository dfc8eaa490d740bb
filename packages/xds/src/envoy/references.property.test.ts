import { toBinary } from '@bufbuild/protobuf';
import type {
  ClusterPlan,
  GatewayPlan,
  InboundPlan,
  Origin,
  OutboundPlan,
  ProxyDescriptor,
  RoutePlan,
  SecretPlan,
  TlsCredential,
} from '@meshwise/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rulesOf, type XdsType } from '../types.ts';
import { routesOfVirtualHost } from '../view/virtual-host-names.ts';
import { clientSecrets } from './client-tls.ts';
import { captureResources, destinationResources, explicitProxyResources } from './outbound-view.ts';
import { dnsResources, exitResources, gatewayResources, workloadResources } from './proxy-view.ts';
import type { EnvoyResource } from './resource.ts';
import { jsonOf, valuesOf } from './testing/json-of.ts';
import { IDENTITY_SECRET, ROOT_SECRET } from './tls.ts';

const origin: Origin = { resource: { group: '', kind: 'Service', namespace: 'default', name: 'a' } };
const protocol = fc.constantFrom('http', 'http2', 'grpc', 'tcp', 'tls', 'auto' as const);
const services = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 4 });

const cluster = (host: string, port: number): string => `outbound|${port}||${host}`;

const credential = fc.constantFrom<TlsCredential | undefined>(
  undefined,
  { kind: 'files', certificateChain: '/c.pem', privateKey: '/k.pem' },
  { kind: 'files', certificateChain: '/c.pem', privateKey: '/k.pem', caCertificates: '/ca.pem' },
  { kind: 'secret', namespace: 'n', name: 'db' },
);
const secrets: readonly SecretPlan[] = [
  { name: 'kubernetes://db', keyPair: { certificateChainPem: 'c', privateKeyPem: 'k' } },
  { name: 'kubernetes://db-cacert', trustedCaPem: 'ca' },
];

const clusterOf = (host: string, port: number) =>
  fc
    .record({
      protocol,
      mode: fc.constantFrom('plain', 'auto', 'mutual', 'custom' as const),
      loadBalancer: fc.constantFrom('round-robin', 'least-request', 'random', 'ring-hash', 'maglev' as const),
      credential,
    })
    .map(({ protocol: spoken, mode, loadBalancer, credential: files }): ClusterPlan => {
      const names = { subjectAltNames: [`spiffe://t/ns/n/sa/${host}`], serverName: host };
      const own = { presentsCertificate: files !== undefined, verifiesServer: true, ...names };
      const tls: ClusterPlan['tls'] =
        mode === 'plain'
          ? { mode }
          : mode === 'custom'
            ? { mode, ...own, ...(files === undefined ? {} : { credential: files }) }
            : { mode, ...names };
      return { name: cluster(host, port), host, port, protocol: spoken, tls, loadBalancer, origin };
    });

/** Routes whose destinations are clusters of the plan, as `resolve` guarantees. */
const routeTo = (names: readonly string[]) =>
  fc.array(fc.record({ cluster: fc.constantFrom(...names), weight: fc.nat({ max: 100 }) }), { maxLength: 3 }).map(
    (destinations): RoutePlan => ({
      match: { headers: [], queryParameters: [] },
      action: { kind: 'forward', destinations },
      fault: { abort: { httpStatus: 500, percent: 1 } },
      origin,
    }),
  );

const outboundPlan: fc.Arbitrary<OutboundPlan> = fc.tuple(services, ports).chain(([hosts, portList]) => {
  const names = hosts.flatMap((host) => portList.map((port) => cluster(host, port)));
  return fc
    .record({
      clusters: fc.tuple(...hosts.flatMap((host) => portList.map((port) => clusterOf(host, port)))),
      routes: fc.array(routeTo(names), { minLength: portList.length * hosts.length, maxLength: 32 }),
      unknown: fc.constantFrom('pass-through', 'refuse' as const),
      tcp: fc.array(fc.constantFrom(...names), { maxLength: 3 }),
    })
    .map(({ clusters, routes, tcp, unknown }) => ({
      scope: 'default',
      clusters,
      // Every third one is forgotten.
      endpoints: clusters
        .filter((_, index) => index % 3 !== 2)
        .map(({ name, port }) => ({
          cluster: name,
          endpoints: [{ address: '10.244.0.9', port, weight: 1, health: 'healthy' as const, mutualTls: true }],
        })),
      httpPorts: portList.map((port, portIndex) => ({
        port,
        virtualHosts: hosts.map((host, index) => ({
          name: `${host}:${port}`,
          domains: [host, `${host}:${port}`],
          routes: routes.slice(portIndex * hosts.length + index).slice(0, 2),
          origin,
        })),
      })),
      tcpListeners: tcp.map((name, index) => ({
        address: `10.96.1.${index + 1}`,
        port: 3306,
        destinations: [{ cluster: name, weight: 1 }],
        origin,
      })),
      unknownDestinations: unknown,
      dns: hosts.map((host) => ({ name: host, addresses: ['10.96.0.5'] })),
      secrets,
    }));
});

const inboundPlan = (capture: 'netns' | 'loopback') =>
  fc.tuple(ports, protocol, fc.constantFrom('strict', 'permissive', 'disable' as const)).map(
    ([portList, spoken, mutualTls]): InboundPlan => ({
      workload: {
        namespace: 'default',
        pod: 'pod',
        labels: {},
        serviceAccount: 'sa',
        containerPorts: [],
        placement: {
          capture,
          podIp: '10.244.0.7',
          programIp: '127.0.0.1',
          tunnelSocketPath: '/run/tunnel',
          ...(capture === 'netns' ? { networkNamespacePath: '/proc/1/ns/net' } : {}),
        },
      },
      ports: portList.map((port) => ({ port, protocol: spoken, mutualTls, cluster: `inbound|${port}||`, origin })),
    }),
  );

const identity = { trustDomain: 't', namespace: 'n', serviceAccount: 'sa' };
const gatewayProxy: ProxyDescriptor = {
  id: 'g',
  role: 'gateway',
  namespace: 'n',
  labels: {},
  identity,
  workloads: [],
  gateway: { bindAddress: '0.0.0.0', ports: { 8080: { port: 80 } } },
};

/** Everything that proxy of each role would see, for one plan. */
function viewsOf(outbound: OutboundPlan, inbound: InboundPlan): EnvoyResource[][] {
  const sidecar: ProxyDescriptor = {
    id: 'p',
    role: 'sidecar',
    namespace: 'n',
    labels: {},
    identity,
    workloads: [inbound.workload],
  };
  const gateway: GatewayPlan = {
    servers: [
      {
        port: 8080,
        protocol: 'http',
        routeName: 'http.8080',
        virtualHosts: outbound.httpPorts[0]?.virtualHosts ?? [],
        origin,
      },
    ],
  };
  const node: ProxyDescriptor = { id: 'n', role: 'node', namespace: 'n', labels: {}, workloads: [inbound.workload] };
  const shared = [
    ...captureResources(outbound),
    ...explicitProxyResources(outbound),
    ...destinationResources(outbound),
    ...clientSecrets(outbound),
  ];
  const around = (proxy: ProxyDescriptor) => [
    ...workloadResources(inbound, proxy),
    ...exitResources(outbound, proxy),
    ...dnsResources(outbound.dns, proxy, '10.96.0.10'),
  ];
  return [
    [...around(sidecar), ...shared],
    [...around(node), ...shared],
    [...gatewayResources(gateway, gatewayProxy), ...destinationResources(outbound), ...clientSecrets(outbound)],
  ];
}

const namesOf = (resources: readonly EnvoyResource[], type: XdsType) =>
  resources.filter((resource) => resource.type === type).map(({ name }) => name);

/** Names of clusters that listeners and routes send to, in either form. */
function referencedClusters(json: unknown): string[] {
  const single = valuesOf(json, 'cluster').filter((value) => typeof value === 'string');
  const weighted = valuesOf(json, 'weighted_clusters').flatMap((value) => valuesOf(value, 'name'));
  return [...single, ...weighted] as string[];
}

/** What TLS takes from SDS. */
function referencedSecrets(json: unknown): unknown[] {
  return ['tls_certificate_sds_secret_configs', 'validation_context_sds_secret_config']
    .flatMap((field) => valuesOf(json, field).flat())
    .map((config) => (config as { readonly name: unknown }).name);
}

test('whatever a proxy is sent refers only to what it is sent, too, and encodes (001-41)', () => {
  const input = fc.tuple(outboundPlan, fc.constantFrom('netns', 'loopback' as const).chain(inboundPlan));
  let references = 0;
  fc.assert(
    fc.property(input, ([outbound, inbound]) => {
      for (const resources of viewsOf(outbound, inbound)) {
        const json = resources.map(jsonOf);
        const clusters = new Set(namesOf(resources, 'CDS'));
        const routes = new Set(namesOf(resources, 'RDS'));
        const extensions = new Set(namesOf(resources, 'ECDS'));
        for (const name of json.flatMap(referencedClusters)) {
          references += 1;
          expect(clusters).toContain(name);
        }
        const assignments = new Set(namesOf(resources, 'EDS'));
        for (const item of json.filter(({ type }) => type === 'EDS')) expect(assignments).toContain(item['name']);
        for (const name of json.flatMap((item) => valuesOf(item, 'route_config_name'))) expect(routes).toContain(name);
        // Envoy opens a listener only when each of its route configurations has a virtual host, and ignores strangers.
        const owners = new Set(namesOf(resources, 'VHDS').map(routesOfVirtualHost));
        expect(owners).toEqual(new Set(json.filter((item) => 'vhds' in item).map(({ name }) => name)));
        const known = new Set([...namesOf(resources, 'SDS'), IDENTITY_SECRET, ROOT_SECRET]);
        for (const name of json.flatMap(referencedSecrets)) expect(known).toContain(name);
        const discovered = json
          .flatMap((item) => valuesOf(item, 'http_filters').flat())
          .filter((filter) => Object.hasOwn(filter as object, 'config_discovery'));
        for (const filter of discovered) expect(extensions).toContain((filter as { name: string }).name);
        for (const type of ['CDS', 'EDS', 'LDS', 'RDS', 'VHDS', 'ECDS', 'SDS'] as const) {
          const names = namesOf(resources, type);
          expect(new Set(names).size).toBe(names.length);
        }
        for (const { type, message } of resources)
          expect(toBinary(rulesOf(type).schema, message).length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 40 },
  );
  expect(references).toBeGreaterThan(100);
});

test('what is printed twice from the same plan is the same, object for object', () => {
  const input = fc.tuple(outboundPlan, inboundPlan('netns'));
  fc.assert(
    fc.property(input, ([outbound, inbound]) => {
      const first = [...captureResources(outbound), ...destinationResources(outbound)];
      const second = [...captureResources(outbound), ...destinationResources({ ...outbound })];
      expect(second.every((resource, index) => resource === first[index])).toBe(true);
      const proxy: ProxyDescriptor = {
        id: 'p',
        role: 'sidecar',
        namespace: 'n',
        labels: {},
        identity,
        workloads: [inbound.workload],
      };
      const again = workloadResources(inbound, proxy);
      expect(workloadResources(inbound, proxy).every((resource, index) => resource === again[index])).toBe(true);
      expect(dnsResources(outbound.dns, proxy, '10.96.0.10')[0]).toBe(
        dnsResources(outbound.dns, proxy, '10.96.0.10')[0],
      );
    }),
    { numRuns: 10 },
  );
});
