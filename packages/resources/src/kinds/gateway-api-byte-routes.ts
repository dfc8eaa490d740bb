import { Type } from 'typebox';
import { BackendReference, Hostname, routeFields, SectionName } from './gateway-api-common.ts';
import { opt, type TypeOf } from './schema.ts';

const Rule = Type.Object({
  name: opt(SectionName),
  backendRefs: Type.Array(BackendReference, { minItems: 1, maxItems: 16 }),
});

/** gateway.networking.k8s.io TLSRoute. Server names are required since v1; earlier versions take all without them. */
export const TlsRouteSpecSchema = Type.Object({
  ...routeFields,
  hostnames: opt(Type.Array(Hostname, { maxItems: 1024 })),
  rules: Type.Array(Rule, { minItems: 1, maxItems: 16 }),
});
export type TlsRouteSpec = TypeOf<typeof TlsRouteSpecSchema>;

/** gateway.networking.k8s.io TCPRoute. */
export const TcpRouteSpecSchema = Type.Object({
  ...routeFields,
  rules: Type.Array(Rule, { minItems: 1, maxItems: 16 }),
});
export type TcpRouteSpec = TypeOf<typeof TcpRouteSpecSchema>;
