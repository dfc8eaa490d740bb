import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import {
  age,
  destinationRule,
  gatewayProxy,
  gatewayResource,
  peerAuthentication,
  pod,
  service,
  sidecar,
  slice,
  virtualService,
  workload,
} from './resources.ts';

/** Few names, so that random resources meet: shadow each other, refer to each other, and to what is not there. */
const namespace = fc.constantFrom('default', 'shop', 'istio-system');
const name = fc.constantFrom('a', 'b', 'c');
const version = fc.constantFrom('v1', 'v2');
const created = fc.nat(3);
const host = fc.constantFrom(
  'a',
  'b',
  'c',
  'a.default.svc.cluster.local',
  'b.shop.svc.cluster.local',
  '*.local',
  '*.shop.svc.cluster.local',
  '*',
);
const exportTo = fc.constantFrom(undefined, ['*'], ['.'], ['shop']);
const labels = fc.record({ app: name, version });
const portNumber = fc.constantFrom(80, 90);
const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const full = fc.tuple(namespace, name).map(([ns, own]) => `${ns}/${own}`);

const port = fc.record({
  name: fc.constantFrom('http', 'tcp', 'grpc', 'odd'),
  port: portNumber,
  targetPort: fc.constantFrom(8080, 9090, 'web'),
});
const ports = fc
  .uniqueArray(port, { minLength: 1, maxLength: 2, selector: (entry) => entry.port })
  .map((entries) => entries.map((entry, index) => ({ ...entry, name: `${entry.name}-${index}` })));

const services = fc
  .tuple(
    full,
    ports,
    fc.constantFrom('10.96.0.1', '10.96.0.2', '10.96.0.3', 'None'),
    sometimes(labels),
    fc.boolean(),
    created,
  )
  .map(([id, entries, clusterIP, selector, publishNotReadyAddresses, seconds]) =>
    service(id, entries, {
      spec: { clusterIP, publishNotReadyAddresses },
      meta: age(seconds),
      ...(selector === undefined ? {} : { selector }),
    }),
  );

const pods = fc
  .tuple(full, labels, fc.constantFrom('x', 'y'), fc.boolean())
  .map(([id, podLabels, account, mesh]) => pod(id, podLabels, { account, mesh }));

const endpoint = fc.record({
  ip: fc.constantFrom('10.244.0.1', '10.244.0.2', '10.244.0.3'),
  pod: name,
  conditions: fc.record({ ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() }),
});
const slices = fc
  .tuple(
    namespace,
    name,
    fc.nat(1),
    fc.constantFrom('http-0', 'tcp-0', 'http-1', 'grpc-1'),
    fc.array(endpoint, { maxLength: 3 }),
  )
  .map(([ns, owner, index, portName, endpoints]) =>
    slice(`${ns}/${owner}-${index}`, { name: portName, port: 8080 }, endpoints),
  );

const destination = fc
  .record({
    host,
    subset: sometimes(version),
    port: sometimes(portNumber.map((number) => ({ number }))),
    weight: fc.nat(3),
  })
  .map(({ weight, ...rest }) => ({ destination: JSON.parse(JSON.stringify(rest)) as object, weight }));
const match = fc.oneof(
  fc.constantFrom('/', '/x').map((prefix) => ({ uri: { prefix } })),
  portNumber.map((number) => ({ port: number })),
  namespace.map((sourceNamespace) => ({ sourceNamespace })),
  version.map((wanted) => ({ sourceLabels: { version: wanted } })),
  fc.constantFrom('mesh', 'default/a', 'b').map((gateway) => ({ gateways: [gateway] })),
);
const rule = fc.oneof(
  fc
    .tuple(fc.array(match, { maxLength: 2 }), fc.array(destination, { minLength: 1, maxLength: 3 }))
    .map(([matches, route]) => ({ match: matches, route })),
  fc.array(match, { maxLength: 2 }).map((matches) => ({ match: matches, redirect: { uri: '/elsewhere' } })),
);
const virtualServices = fc
  .tuple(
    full,
    fc.array(host, { minLength: 1, maxLength: 2 }),
    sometimes(fc.subarray(['mesh', 'a', 'default/b'], { minLength: 1 })),
    exportTo,
    fc.array(rule, { maxLength: 3 }),
    created,
  )
  .map(([id, hosts, gateways, visibility, http, seconds]) =>
    virtualService(id, { hosts, gateways, exportTo: visibility, http }, age(seconds)),
  );

const trafficPolicy = fc.record(
  {
    tls: fc.constantFrom('ISTIO_MUTUAL', 'DISABLE', 'SIMPLE').map((mode) => ({ mode })),
    loadBalancer: fc.constantFrom('RANDOM', 'ROUND_ROBIN').map((simple) => ({ simple })),
  },
  { requiredKeys: [] },
);
const subset = fc.record({
  name: version,
  labels: version.map((wanted) => ({ version: wanted })),
  trafficPolicy: sometimes(trafficPolicy),
});
const destinationRules = fc
  .tuple(full, host, fc.array(subset, { maxLength: 2 }), sometimes(trafficPolicy), exportTo, created)
  .map(([id, written, subsets, policy, visibility, seconds]) =>
    destinationRule(id, { host: written, subsets, trafficPolicy: policy, exportTo: visibility }, age(seconds)),
  );

const mode = fc.constantFrom('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET').map((value) => ({ mode: value }));
const peerAuthentications = fc
  .tuple(full, sometimes(labels), sometimes(mode), sometimes(mode), created)
  .map(([id, matchLabels, mtls, portMode, seconds]) =>
    peerAuthentication(
      id,
      { selector: matchLabels && { matchLabels }, mtls, portLevelMtls: portMode && { '8080': portMode } },
      age(seconds),
    ),
  );

const gateways = fc
  .tuple(
    full,
    sometimes(fc.constant({ istio: 'ingressgateway' })),
    fc.array(fc.tuple(portNumber, fc.constantFrom('*', 'shop/*', '*.local', './a.default.svc.cluster.local')), {
      maxLength: 2,
    }),
    created,
  )
  .map(([id, selector, servers, seconds]) =>
    gatewayResource(
      id,
      {
        selector,
        servers: servers.map(([number, served]) => ({ port: { number, protocol: 'HTTP' }, hosts: [served] })),
      },
      age(seconds),
    ),
  );

/** Any resource that the two readers know. */
export const anyResource: fc.Arbitrary<Resource> = fc.oneof(
  services,
  pods,
  slices,
  virtualServices,
  destinationRules,
  peerAuthentications,
  gateways,
);

export const anyProxy: fc.Arbitrary<ProxyDescriptor> = fc.oneof(
  fc
    .tuple(full, labels)
    .map(([id, podLabels]) => sidecar(workload(id, podLabels, [{ port: 8080, name: 'web', protocol: 'TCP' }]))),
  namespace.map((ns) => gatewayProxy(ns, { istio: 'ingressgateway' })),
  fc
    .tuple(full, labels)
    .map(([id, podLabels]): ProxyDescriptor => ({ ...sidecar(workload(id, podLabels)), id: 'node', role: 'node' })),
);
