import { Type } from 'typebox';
import { allOptional, atMostOne, StringMap, type TypeOf, Unchecked } from './schema.ts';

const Port = Type.Integer({ minimum: 0, maximum: 4294967295 });

const FilterMatch = allOptional({ name: Type.String(), subFilter: allOptional({ name: Type.String() }) });

const ListenerMatch = allOptional({
  portNumber: Port,
  portName: Type.String(),
  filterChain: allOptional({
    name: Type.String(),
    sni: Type.String(),
    transportProtocol: Type.String(),
    applicationProtocols: Type.String(),
    filter: FilterMatch,
    destinationPort: Port,
  }),
  listenerFilter: Type.String(),
  name: Type.String(),
});

const RouteConfigurationMatch = allOptional({
  portNumber: Port,
  portName: Type.String(),
  gateway: Type.String(),
  vhost: allOptional({
    name: Type.String(),
    domainName: Type.String(),
    route: allOptional({
      name: Type.String(),
      action: Type.Enum(['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE']),
    }),
  }),
  name: Type.String(),
});

const ClusterMatch = allOptional({
  portNumber: Port,
  service: Type.String(),
  subset: Type.String(),
  name: Type.String(),
});

const Match = allOptional(
  {
    context: Type.Enum(['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT']),
    proxy: allOptional({ proxyVersion: Type.String(), metadata: StringMap }),
    listener: ListenerMatch,
    routeConfiguration: RouteConfigurationMatch,
    cluster: ClusterMatch,
    waypoint: Unchecked,
  },
  atMostOne('listener', 'routeConfiguration', 'cluster', 'waypoint'),
);

const Patch = allOptional({
  operation: Type.Enum([
    'INVALID',
    'MERGE',
    'ADD',
    'REMOVE',
    'INSERT_BEFORE',
    'INSERT_AFTER',
    'INSERT_FIRST',
    'REPLACE',
    'MERGE_AND_REPLACE_LIST',
  ]),
  /** A message of Envoy's as protobuf JSON; what it must be, Envoy's own schemas say. */
  value: Type.Unknown(),
  filterClass: Type.Enum(['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']),
});

const ConfigPatch = allOptional({
  applyTo: Type.Enum([
    'INVALID',
    'LISTENER',
    'FILTER_CHAIN',
    'NETWORK_FILTER',
    'HTTP_FILTER',
    'ROUTE_CONFIGURATION',
    'VIRTUAL_HOST',
    'HTTP_ROUTE',
    'CLUSTER',
    'EXTENSION_CONFIG',
    'BOOTSTRAP',
    'LISTENER_FILTER',
  ]),
  match: Match,
  patch: Patch,
});

const TargetRef = Type.Object({
  group: Type.Optional(Type.String()),
  kind: Type.String({ minLength: 1 }),
  name: Type.String({ minLength: 1 }),
  namespace: Type.Optional(Type.String()),
});

/** networking.istio.io EnvoyFilter. */
export const EnvoyFilterSpecSchema = allOptional(
  {
    workloadSelector: allOptional({ labels: StringMap }),
    targetRefs: Type.Array(TargetRef),
    configPatches: Type.Array(ConfigPatch),
    priority: Type.Integer({ minimum: -2147483648, maximum: 2147483647 }),
  },
  atMostOne('workloadSelector', 'targetRefs'),
);
export type EnvoyFilterSpec = TypeOf<typeof EnvoyFilterSpecSchema>;
