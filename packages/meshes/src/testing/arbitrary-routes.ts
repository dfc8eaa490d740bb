import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { age } from './resources.ts';

/** The same few names as elsewhere, so that random resources meet. */
const namespace = fc.constantFrom('default', 'shop', 'istio-system');
const name = fc.constantFrom('a', 'b', 'c');
const portNumber = fc.constantFrom(80, 90);
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const backendRef = fc.record({
  name,
  namespace: some(namespace),
  port: portNumber,
  weight: fc.constantFrom(undefined, 0, 1, 3),
  kind: fc.constantFrom(undefined, undefined, undefined, 'ConfigMap'),
});
const parentRef = fc.oneof(
  fc.record({
    group: fc.constant(''),
    kind: fc.constant('Service'),
    name,
    namespace: some(namespace),
    port: some(portNumber),
  }),
  fc.record({ group: fc.constant('networking.istio.io'), kind: fc.constant('ServiceEntry'), name }),
);

const match = fc.oneof(
  fc.constantFrom('/', '/x', '/x/y').map((value) => ({ path: { type: 'PathPrefix', value } })),
  fc.constant({ path: { type: 'Exact', value: '/x' } }),
  fc.constant({ path: { type: 'RegularExpression', value: '/x.*' } }),
  fc.constant({ method: 'GET', headers: [{ name: 'x-a', value: '1' }] }),
);
const mirror = backendRef.map(({ weight: _, ...to }) => ({ type: 'RequestMirror', requestMirror: { backendRef: to } }));
const httpRule = fc.oneof(
  fc.record({
    name: some(name),
    matches: fc.array(match, { maxLength: 2 }),
    filters: fc.oneof(fc.constant([]), fc.tuple(mirror)),
    backendRefs: fc.array(backendRef, { maxLength: 3 }),
  }),
  fc.record({
    matches: fc.array(match, { maxLength: 1 }),
    filters: fc.constant([{ type: 'RequestRedirect', requestRedirect: { hostname: 'elsewhere.example' } }]),
  }),
);
const grpcRule = fc.record({
  matches: fc.constantFrom(undefined, [{ method: { service: 'shop.Cart' } }], [{ method: { method: 'Get' } }]),
  backendRefs: fc.array(backendRef, { maxLength: 3 }),
});
const byteRule = fc.record({ backendRefs: fc.array(backendRef, { minLength: 1, maxLength: 3 }) });

const RULES = { HTTPRoute: httpRule, GRPCRoute: grpcRule, TCPRoute: byteRule, TLSRoute: byteRule } as const;
type Kind = keyof typeof RULES;

const ofKind = (kind: Kind) =>
  fc
    .record({
      namespace,
      name,
      created: fc.nat(3),
      parentRefs: fc.array(parentRef, { minLength: 1, maxLength: 2 }),
      rules: fc.array<object>(RULES[kind], { minLength: 1, maxLength: 3 }),
      // TLSRoutes need one; elsewhere they mean nothing to a Service.
      hostnames: fc.constantFrom(['a.example'], ['*.b.example']),
    })
    .map(({ namespace: own, name: named, created, parentRefs, rules, hostnames }) => {
      const written = {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind,
        metadata: { namespace: own, name: named, ...age(created) },
        spec: { parentRefs, rules, ...(kind === 'TLSRoute' ? { hostnames } : {}) },
      };
      return JSON.parse(JSON.stringify(written)) as Resource;
    });

/** A route whose parents are Services or entries. */
export const anyServiceRoute: fc.Arbitrary<Resource> = fc
  .constantFrom<Kind>('HTTPRoute', 'HTTPRoute', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute')
  .chain(ofKind);
