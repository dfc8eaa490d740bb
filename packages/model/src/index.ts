export { type DecidingRule, type Decision, decide } from './access/decide.ts';
export type { KnownClient } from './access/known-client.ts';
export {
  type AccessClient,
  type AccessMatrix,
  type AccessPort,
  type AccessServer,
  accessMatrix,
} from './access/matrix.ts';
export type { AccessRequest, HttpAccessRequest } from './access/request.ts';
export { type GuardedPort, summarise } from './access/summarise.ts';
export type { AccessCondition, AccessSummary } from './access/summary.ts';
export { workloadName } from './access/workload-name.ts';
export { createMeshModel, type MeshModelOptions, type ObservableMeshModel } from './create-mesh-model.ts';
export type { MeshModel, ResourceChange } from './mesh-model.ts';
export type {
  AttachedRouteItem,
  BackendTlsItem,
  GatewayClassItem,
  ParentReference,
  ReferenceGrantItem,
  TrustBundleItem,
} from './model/attached-route.ts';
export type { CertificateInspector } from './model/certificate-inspector.ts';
export {
  ENFORCED_AT,
  type EnforcementPoint,
  type Fragment,
  type Item,
  type ItemOf,
  type MeshDefaults,
  type MeshReader,
} from './model/fragment.ts';
export type { AdmittedRoutes, GatewayItem, GatewayServer, LabelSelector, ListenerProblem } from './model/gateway.ts';
export { covers, fullHost, isPattern, serviceHost } from './model/host-name.ts';
export { ipFamily, parseRange } from './model/ip-address.ts';
export { byAge, compareText, type ExportTo, type ItemBase, isVisible } from './model/item.ts';
export { selects } from './model/labels.ts';
export type { GlobalRateLimitRule, PolicyTarget, TrafficPolicyItem } from './model/limits.ts';
export { labelledLocality } from './model/locality.ts';
export type { PatchEntry, PatchItem, PatchProxyMatch } from './model/patch.ts';
export type {
  BalancerSettings,
  ClientTls,
  DestinationPolicyItem,
  LocalitySettings,
  PeerPolicyItem,
  Subset,
  TrafficSettings,
} from './model/policy.ts';
export type {
  BackendReference,
  ByteMatch,
  ByteRule,
  ClientMatch,
  Destination,
  Forwarding,
  HttpRule,
  MirrorDestination,
  RoutingItem,
  RuleAction,
  RuleMatch,
} from './model/routing.ts';
export type { EgressListener, IngressListener, ScopingItem } from './model/scoping.ts';
export type { SecretItem } from './model/secret.ts';
export {
  type AuthorizationItem,
  type ExternalAuthorizerSettings,
  type KeySource,
  keySourceId,
  type PolicyAttachment,
  type RemoteKeySource,
  type ServiceAccountReference,
  type TokenPolicyItem,
  type TokenRule,
  type TrafficSpecItem,
  type TrafficSpecMatch,
  type TrafficSpecReference,
  type TrafficTargetItem,
} from './model/security.ts';
export type {
  Endpoint,
  EndpointsItem,
  InlineEndpoint,
  NamespaceItem,
  NodeItem,
  ServiceItem,
  ServicePort,
  Transport,
  WorkloadItem,
} from './model/service.ts';
export type {
  MeshSettingsItem,
  ProxySettingsItem,
  TelemetryItem,
  TelemetryMode,
  TelemetryProvider,
} from './model/telemetry.ts';
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
export { defined } from './reading/defined.ts';
export { FieldReader } from './reading/field-reader.ts';
export { isHeaderName, isHeaderValue } from './reading/header-values.ts';
export { splitVariables, unknownVariables } from './reading/header-variables.ts';
export { itemBase } from './reading/item-base.ts';
export { readRegularExpression, whyNotRe2 } from './reading/regular-expression.ts';
export { GATEWAY_CONTROLLERS } from './resolve/class-gateways.ts';
export { forBytes } from './security/for-bytes.ts';
