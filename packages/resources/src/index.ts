export { withDefaults } from './defaults/with-defaults.ts';
export { diffResources, type FieldDifference } from './diff.ts';
export { equalValues } from './equal.ts';
export { type FieldPath, formatFieldPath, parseFieldPath } from './field-path.ts';
export {
  type CollectableStore,
  type DanglingDependant,
  GarbageCollector,
  type GarbageCollectorOptions,
} from './garbage-collector.ts';
export type { Container, ContainerPort, EnvVar } from './kinds/container.ts';
export type { ConfigMapData, SecretData, ServiceAccountData } from './kinds/core.ts';
export type { Endpoint, EndpointSliceData } from './kinds/endpoint-slice.ts';
export type { TcpRouteSpec, TlsRouteSpec } from './kinds/gateway-api-byte-routes.ts';
export { GATEWAY_API } from './kinds/gateway-api-common.ts';
export type { GatewayClassSpec, K8sGatewaySpec, K8sGatewayStatus } from './kinds/gateway-api-gateway.ts';
export type { GrpcRouteSpec } from './kinds/gateway-api-grpc-route.ts';
export type { HttpRouteSpec } from './kinds/gateway-api-http-route.ts';
export type { BackendTlsPolicySpec, ReferenceGrantSpec } from './kinds/gateway-api-policies.ts';
export type { Destination, StringMatch } from './kinds/istio-common.ts';
export type {
  DestinationRuleSpec,
  DestinationRuleSubset,
  DestinationRuleTrafficPolicy,
} from './kinds/istio-destination-rule.ts';
export type { EnvoyFilterSpec } from './kinds/istio-envoy-filter.ts';
export type { GatewayServer, GatewaySpec } from './kinds/istio-gateway.ts';
export type { ProxyConfigSpec } from './kinds/istio-proxy-config.ts';
export type {
  AuthorizationPolicySpec,
  PeerAuthenticationSpec,
  RequestAuthenticationSpec,
} from './kinds/istio-security.ts';
export type { ServiceEntrySpec } from './kinds/istio-service-entry.ts';
export type { SidecarSpec } from './kinds/istio-sidecar.ts';
export type { TelemetrySpec } from './kinds/istio-telemetry.ts';
export type {
  HttpMatch,
  VirtualServiceHttpRoute,
  VirtualServiceSpec,
  VirtualServiceTcpRoute,
  VirtualServiceTlsRoute,
} from './kinds/istio-virtual-service.ts';
export type { WorkloadEntrySpec } from './kinds/istio-workload-entry.ts';
export type { WorkloadGroupSpec } from './kinds/istio-workload-group.ts';
export { defineKind, type KindDefinition } from './kinds/kind.ts';
export type { LabelSelector } from './kinds/meta.ts';
export type { PodSpec, PodStatus, PodTemplate, Volume } from './kinds/pod.ts';
export type { Probe } from './kinds/probe.ts';
export { findKind, findKindByName, KNOWN_KINDS, kindOf, kindsByName } from './kinds/registry.ts';
export type { ServicePort, ServiceSpec, ServiceStatus } from './kinds/service.ts';
export type {
  ShiftGate,
  ShiftGateCheck,
  ShiftLogEntry,
  ShiftPhase,
  ShiftStep,
  ShiftVersion,
  ShiftVersionStatus,
  TrafficShiftSpec,
  TrafficShiftStatus,
} from './kinds/traffic-shift.ts';
export type {
  DeploymentSpec,
  DeploymentStatus,
  ReplicaSetSpec,
  ReplicaSetStatus,
  StatefulSetSpec,
  StatefulSetStatus,
} from './kinds/workloads.ts';
export { type LabelRequirement, matchesLabels, parseLabelSelector, selectorRequirements } from './label-selector.ts';
export { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';
export {
  isCorsOrigin,
  isDnsLabel,
  isDnsSubdomain,
  isGatewayDuration,
  isIstioHost,
  isLabelKey,
  isLabelValue,
  isPortName,
  isServiceName,
} from './names.ts';
export {
  type ParsedResource,
  type ParseOptions,
  type ParseResult,
  parseResources,
  type ResourceSource,
} from './parse.ts';
export type { Position, PositionOf } from './positions.ts';
export { type Problem, problemError, type Severity, throwOnError } from './problem.ts';
export {
  groupOf,
  type JsonObject,
  type JsonValue,
  keyOf,
  keyText,
  type ManagedFields,
  type ObjectMeta,
  type OwnerReference,
  type Resource,
  type ResourceKey,
} from './resource.ts';
export {
  type ConditionKey,
  type PlainConditionKey,
  parseConditionKey,
} from './security/condition-key.ts';
export {
  inlineKeySetProblem,
  isIpBlock,
  isKeyUri,
  isPathTemplate,
  isPortText,
  pathProblem,
  serviceAccountProblem,
} from './security/policy-values.ts';
export type {
  ApplyOptions,
  ApplyResult,
  DeleteOptions,
  DeleteResult,
  GroupKind,
  ListOptions,
  ResourceList,
  ResourceStore,
  Revision,
  RevisionChange,
  TransactionalStore,
  TransactionOptions,
  WatchEvent,
  WatchOptions,
  Write,
  WriteOptions,
} from './store.ts';
export { toYaml, toYamlFile, type YamlOptions } from './to-yaml.ts';
export { formatDurationMs, parseDurationMs } from './units/duration.ts';
export { type IntOrString, parsePercent, scaleIntOrPercent } from './units/int-or-string.ts';
export { formatQuantity, parseQuantity } from './units/quantity.ts';
export { validateObject, validateResource } from './validate/validate-resource.ts';
export { parseYamlValue, type YamlValue } from './yaml-value.ts';
