import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { anyAttached } from './arbitrary-attached.ts';
import { anyGateway, anySecret } from './arbitrary-gateway.ts';
import { anyLocality, anySurroundings, anyTrafficPolicy } from './arbitrary-policy.ts';
import { anyServiceRoute } from './arbitrary-routes.ts';
import { anyVirtualService } from './arbitrary-routing.ts';
import { anySecurity } from './arbitrary-security.ts';
import { anySmi } from './arbitrary-smi.ts';
import { anyMeshConfig, anyTelemetry } from './arbitrary-telemetry.ts';
import { proxyOf } from './class-gateway.ts';
import {
  age,
  destinationRule,
  gatewayProxy,
  peerAuthentication,
  pod,
  service,
  serviceEntry,
  sidecar,
  sidecarResource,
  slice,
  workload,
  workloadEntry,
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
  name: fc.constantFrom('http', 'tcp', 'grpc', 'tls', 'odd'),
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
  .tuple(full, labels, fc.constantFrom('x', 'y'), fc.boolean(), sometimes(anyLocality), fc.constantFrom('n1', 'n2'))
  .map(([id, podLabels, account, mesh, locality, nodeName]) => {
    const place = locality === undefined ? {} : { 'istio-locality': locality };
    const made = pod(id, { ...podLabels, ...place }, { account, mesh });
    return { ...made, spec: { ...(made.spec as object), nodeName } };
  });

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

const subset = fc.record({
  name: version,
  labels: version.map((wanted) => ({ version: wanted })),
  trafficPolicy: sometimes(anyTrafficPolicy),
});
const destinationRules = fc
  .tuple(
    full,
    host,
    fc.array(subset, { maxLength: 2 }),
    sometimes(anyTrafficPolicy),
    exportTo,
    sometimes(version.map((wanted) => ({ matchLabels: { version: wanted } }))),
    created,
  )
  .map(([id, written, subsets, trafficPolicy, visibility, workloadSelector, seconds]) =>
    destinationRule(
      id,
      { host: written, subsets, trafficPolicy, exportTo: visibility, workloadSelector },
      age(seconds),
    ),
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

const entryPort = fc.record({
  number: fc.constantFrom(80, 90, 443),
  name: fc.constantFrom('http-0', 'tcp-0', 'tls'),
  protocol: fc.constantFrom('HTTP', 'TCP', 'TLS', 'GRPC', undefined),
  targetPort: fc.constantFrom(undefined, 8080),
});
const entryEndpoint = fc.record({
  address: fc.constantFrom('192.0.2.1', '192.0.2.2', 'unix:///run/x.sock', 'name.example', '10.244.0.1'),
  ports: fc.constantFrom(undefined, { 'http-0': 9090 }),
  labels: sometimes(labels),
  weight: fc.constantFrom(undefined, 3),
  serviceAccount: fc.constantFrom(undefined, 'x'),
});
const entryHost = fc.constantFrom(
  'api.example.com',
  '*.example.com',
  'db.example',
  'a.default.svc.cluster.local',
  'c.shop.svc.cluster.local',
);
const serviceEntries = fc
  .record({
    id: full,
    hosts: fc.uniqueArray(entryHost, { minLength: 1, maxLength: 2 }),
    addresses: fc.constantFrom(undefined, ['192.0.2.9'], ['192.0.2.0/24'], ['10.96.0.1']),
    ports: fc.uniqueArray(entryPort, { minLength: 1, maxLength: 2, selector: ({ number }) => number }),
    location: fc.constantFrom(undefined, 'MESH_INTERNAL'),
    resolution: fc.constantFrom('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN'),
    endpoints: fc.array(entryEndpoint, { maxLength: 2 }),
    workloadSelector: sometimes(labels.map((wanted) => ({ labels: wanted }))),
    exportTo,
    created,
  })
  .map(({ id, created: seconds, ...spec }) => serviceEntry(id, spec, age(seconds)));

const workloadEntries = fc
  .tuple(full, entryEndpoint, labels)
  .map(([id, spec, own]) => workloadEntry(id, { ...spec, labels: own }));

const egressHost = fc.constantFrom(
  './*',
  '*/*',
  'shop/*',
  '~/*',
  '~shop/*',
  '*/*.example.com',
  'default/a.default.svc.cluster.local',
);
const egressListener = fc.record({
  port: sometimes(
    fc.record({ number: fc.constantFrom(80, 90, 443), protocol: fc.constantFrom('HTTP', 'TCP'), name: name }),
  ),
  captureMode: fc.constantFrom(undefined, 'NONE'),
  hosts: fc.array(egressHost, { minLength: 1, maxLength: 2 }),
});
const sidecars = fc
  .record({
    id: full,
    workloadSelector: sometimes(labels.map((wanted) => ({ labels: wanted }))),
    egress: fc.array(egressListener, { maxLength: 3 }),
    outboundTrafficPolicy: fc.constantFrom(undefined, { mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }),
    ingress: fc.constantFrom(undefined, [
      { port: { number: 8080, protocol: 'HTTP' }, defaultEndpoint: '127.0.0.1:81' },
    ]),
    created,
  })
  .map(({ id, created: seconds, ...spec }) => sidecarResource(id, spec, age(seconds)));

/** Any resource that the readers know. */
export const anyResource: fc.Arbitrary<Resource> = fc.oneof(
  services,
  pods,
  slices,
  anyVirtualService,
  destinationRules,
  anySurroundings,
  peerAuthentications,
  anyGateway,
  anySecret,
  anyTelemetry,
  anyMeshConfig,
  anySecurity,
  anySmi,
  anyServiceRoute,
  anyAttached,
  serviceEntries,
  workloadEntries,
  sidecars,
);

export const anyProxy: fc.Arbitrary<ProxyDescriptor> = fc.oneof(
  fc.tuple(full, labels, sometimes(anyLocality)).map(([id, podLabels, locality]) => ({
    ...sidecar(workload(id, podLabels, [{ port: 8080, name: 'web', protocol: 'TCP' }])),
    ...(locality === undefined ? {} : { locality }),
  })),
  fc.tuple(namespace, sometimes(anyLocality)).map(([ns, locality]) => ({
    ...gatewayProxy(ns, { istio: 'ingressgateway' }),
    ...(locality === undefined ? {} : { locality }),
  })),
  fc.tuple(name, namespace).map(([gateway, ns]) => proxyOf(gateway, ns)),
  fc
    .tuple(full, labels)
    .map(([id, podLabels]): ProxyDescriptor => ({ ...sidecar(workload(id, podLabels)), id: 'node', role: 'node' })),
);
