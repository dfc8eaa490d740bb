import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import {
  backendTlsPolicy,
  classGateway,
  gatewayClass,
  grpcRoute,
  httpRoute,
  namespace as namespaceOf,
  referenceGrant,
  tcpRoute,
  tlsRoute,
} from './class-gateway.ts';
import { age, configMap } from './resources.ts';

/** The same few names as elsewhere, so that routes, their parents and their backends meet. */
const namespace = fc.constantFrom('default', 'shop', 'istio-system');
const name = fc.constantFrom('a', 'b', 'c');
const full = fc.tuple(namespace, name).map(([ns, own]) => `${ns}/${own}`);
const port = fc.constantFrom(80, 90, 443);
const hostname = fc.constantFrom('a.example', '*.example', 'a.default.svc.cluster.local', 'b.shop.example');
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** Without members that are undefined, which no resource has. */
const written = (value: object): object => JSON.parse(JSON.stringify(value)) as object;

const parent = fc.oneof(
  fc.record({
    group: fc.constant(''),
    kind: fc.constant('Service'),
    name,
    namespace: some(namespace),
    port: some(port),
  }),
  fc.record({ name, namespace: some(namespace), sectionName: some(fc.constantFrom('web', 'tls', 'raw')) }),
);
const parentRefs = fc.array(parent, { minLength: 1, maxLength: 2 });

const headerModifier = fc.constantFrom(
  { set: [{ name: 'x-a', value: '1' }] },
  { add: [{ name: 'x-b', value: '%' }], remove: ['x-c'] },
);
const target = fc.record({
  kind: fc.constantFrom(undefined, undefined, 'Bucket'),
  name,
  namespace: some(namespace),
  port: some(port),
});
const anyFilter = fc.oneof(
  headerModifier.map((requestHeaderModifier) => ({ type: 'RequestHeaderModifier', requestHeaderModifier })),
  headerModifier.map((responseHeaderModifier) => ({ type: 'ResponseHeaderModifier', responseHeaderModifier })),
  target.map((backendRef) => ({ type: 'RequestMirror', requestMirror: { backendRef, percent: 50 } })),
  fc.constant({ type: 'ExtensionRef', extensionRef: { group: 'a.example', kind: 'Filter', name: 'a' } }),
);
const path = fc.constantFrom(
  { type: 'ReplaceFullPath', replaceFullPath: '/new' },
  { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' },
);
const httpFilter = fc.oneof(
  anyFilter,
  fc.record({ hostname: some(hostname), path: some(path) }).map((urlRewrite) => ({ type: 'URLRewrite', urlRewrite })),
  fc
    .record({ scheme: fc.constantFrom(undefined, 'https'), port: some(port), path: some(path) })
    .map((requestRedirect) => ({ type: 'RequestRedirect', requestRedirect })),
  fc.constant({ type: 'CORS', cors: { allowOrigins: ['https://*.example'], allowMethods: ['*'] } }),
);
const backendRefs = (filter: fc.Arbitrary<object>) =>
  fc.array(
    fc.tuple(target, some(fc.nat(3)), fc.array(filter, { maxLength: 1 })).map(([to, weight, filters]) => ({
      ...to,
      weight,
      ...(filters.length === 0 ? {} : { filters }),
    })),
    { maxLength: 3 },
  );

const headers = fc.constantFrom(undefined, [{ name: 'x-a', value: '1' }], [{ name: 'x-a', value: '2' }]);
const httpMatch = fc.record({
  path: fc.constantFrom(
    undefined,
    { value: '/' },
    { value: '/x' },
    { value: '/x/y' },
    { type: 'Exact', value: '/x' },
    { type: 'RegularExpression', value: '/x.*' },
  ),
  headers,
  queryParams: fc.constantFrom(undefined, [{ name: 'q', value: '1' }]),
  method: fc.constantFrom(undefined, 'GET', 'POST'),
});
const sessionPersistence = fc.constantFrom(undefined, undefined, { sessionName: 's' }, { type: 'Header' });

const httpRule = fc.record({
  name: fc.constantFrom(undefined, 'named'),
  matches: some(fc.array(httpMatch, { maxLength: 2 })),
  filters: fc.array(httpFilter, { maxLength: 2 }),
  backendRefs: backendRefs(httpFilter),
  timeouts: fc.constantFrom(undefined, { request: '1s' }, { request: '0s', backendRequest: '1s' }),
  retry: fc.constantFrom(undefined, { attempts: 1, codes: [503] }),
  sessionPersistence,
});

const grpcMatch = fc.record({
  method: fc.constantFrom(
    undefined,
    { service: 'a.B' },
    { service: 'a.B', method: 'C' },
    { method: 'C' },
    { type: 'RegularExpression', service: 'a.*' },
  ),
  headers,
});
const grpcRule = fc.record({
  matches: some(fc.array(grpcMatch, { maxLength: 2 })),
  filters: fc.array(anyFilter, { maxLength: 1 }),
  backendRefs: backendRefs(anyFilter),
  sessionPersistence,
});
const byteRule = fc.record({ backendRefs: backendRefs(fc.constant({})) });

type Make = (name: string, spec: object, meta?: object) => Resource;
const routes = (make: Make, rule: fc.Arbitrary<object>, hasHosts = true) =>
  fc
    .tuple(
      full,
      parentRefs,
      fc.array(hostname, { maxLength: hasHosts ? 2 : 0 }),
      fc.array(rule, { maxLength: 3 }),
      fc.nat(3),
    )
    .map(([id, parents, hostnames, rules, seconds]) =>
      make(id, written({ parentRefs: parents, ...(hasHosts ? { hostnames } : {}), rules }), age(seconds)),
    );

/** Any route of the Gateway API, of Services and of Gateways. */
export const anyRoute: fc.Arbitrary<Resource> = fc.oneof(
  { arbitrary: routes(httpRoute, httpRule), weight: 3 },
  { arbitrary: routes(grpcRoute, grpcRule), weight: 1 },
  { arbitrary: routes(tlsRoute, byteRule), weight: 1 },
  { arbitrary: routes(tcpRoute, byteRule, false), weight: 1 },
);

const allowedRoutes = fc.constantFrom(
  undefined,
  { namespaces: { from: 'All' } },
  { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'x' } } } },
  { kinds: [{ kind: 'GRPCRoute' }] },
);
const certificateRefs = fc.array(fc.record({ name, namespace: some(namespace) }), { maxLength: 2 });
const tls = fc.oneof(
  fc.constant({ mode: 'Passthrough' }),
  certificateRefs.map((references) => ({ mode: 'Terminate', certificateRefs: references })),
);
const listener = fc
  .record({
    name: fc.constantFrom('web', 'tls', 'raw'),
    port,
    protocol: fc.constantFrom('HTTP', 'HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'),
    hostname: some(hostname),
    allowedRoutes,
    tls,
  })
  .map(({ tls: settings, ...rest }) => (/TLS|HTTPS/.test(rest.protocol) ? { ...rest, tls: settings } : rest));
const frontend = fc.constantFrom(undefined, {
  default: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] } },
});

/** A Gateway of the Gateway API, whose class may be there. */
export const anyClassGateway: fc.Arbitrary<Resource> = fc
  .tuple(
    full,
    fc.constantFrom('meshwise', 'other'),
    fc.array(listener, { minLength: 1, maxLength: 3 }),
    frontend,
    fc.nat(3),
  )
  .map(([id, gatewayClassName, listeners, wanted, seconds]) =>
    classGateway(
      id,
      written({ gatewayClassName, listeners, ...(wanted === undefined ? {} : { tls: { frontend: wanted } }) }),
      age(seconds),
    ),
  );

const grants = fc
  .tuple(full, fc.constantFrom('HTTPRoute', 'GRPCRoute', 'TCPRoute', 'Gateway'), namespace, some(name))
  .map(([id, kind, from, to]) =>
    referenceGrant(
      id,
      written({
        from: [{ group: 'gateway.networking.k8s.io', kind, namespace: from }],
        to: [{ group: '', kind: kind === 'Gateway' ? 'Secret' : 'Service', name: to }],
      }),
    ),
  );
const backendPolicies = fc
  .tuple(full, name, fc.constantFrom('System', undefined), fc.nat(3))
  .map(([id, service, wellKnownCACertificates, seconds]) =>
    backendTlsPolicy(
      id,
      written({
        targetRefs: [{ group: '', kind: 'Service', name: service }],
        validation: {
          hostname: 'a.example',
          wellKnownCACertificates,
          ...(wellKnownCACertificates === undefined
            ? { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] }
            : {}),
        },
      }),
      age(seconds),
    ),
  );
const bundles = namespace.map((ns) =>
  configMap(`${ns}/ca`, { 'ca.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }),
);
const labelled = namespace.map((ns) => namespaceOf(ns, { team: 'x' }));

/** Any resource of the Gateway API, and what it refers to beside Services. */
export const anyAttached: fc.Arbitrary<Resource> = fc.oneof(
  { arbitrary: anyRoute, weight: 4 },
  { arbitrary: anyClassGateway, weight: 2 },
  fc.constantFrom('meshwise', 'other').map((className) => gatewayClass(className)),
  grants,
  backendPolicies,
  bundles,
  labelled,
);
