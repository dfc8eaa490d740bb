export { createMeshModel, type MeshModelOptions, type ObservableMeshModel } from './create-mesh-model.ts';
export type { MeshModel, ResourceChange } from './mesh-model.ts';
export {
  ENFORCED_AT,
  type EnforcementPoint,
  type Fragment,
  type Item,
  type ItemOf,
  type MeshDefaults,
  type MeshReader,
} from './model/fragment.ts';
export type { GatewayItem, GatewayServer } from './model/gateway.ts';
export { covers, fullHost, isPattern, serviceHost } from './model/host-name.ts';
export { byAge, compareText, type ExportTo, type ItemBase, isVisible } from './model/item.ts';
export { selects } from './model/labels.ts';
export type { PeerPolicyItem, Subset, TrafficPolicyItem, TrafficSettings } from './model/policy.ts';
export type { Destination, HttpRule, RoutingItem, RuleAction, RuleMatch } from './model/routing.ts';
export type {
  Endpoint,
  EndpointsItem,
  NamespaceItem,
  ServiceItem,
  ServicePort,
  Transport,
  WorkloadItem,
} from './model/service.ts';
export type * from './plan.ts';
export type { Origin, Residue } from './provenance.ts';
export {
  type GatewayPlacement,
  type Identity,
  type Placement,
  type ProxyDescriptor,
  type ServedWorkload,
  spiffeId,
} from './proxy.ts';
export { type Argument, type Input, type Query, QueryEngine, type QueryStatistics } from './query/engine.ts';
export { FieldReader } from './reading/field-reader.ts';
export { itemBase } from './reading/item-base.ts';
