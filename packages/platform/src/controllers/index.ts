export { desiredSlices, MANAGED_BY_LABEL, SERVICE_NAME_LABEL, targetPort } from './endpoint-slice/desired.ts';
export { ENDPOINTS_CONDITION } from './endpoint-slice/endpoint-slice.ts';
export {
  GATEWAY,
  GATEWAY_CLASS,
  GATEWAY_NAME_LABEL,
  type Gateway,
  type GatewayClass,
  gatewayPortsOf,
  isRun,
  machinePortsOf,
} from './gateway/gateway-kinds.ts';
export { NAMESPACE_FINALIZER } from './namespace.ts';
export { type PlatformControllerOptions, platformControllers } from './platform-controllers.ts';
export {
  Controller,
  type ControllerDefinition,
  type ControllerHealth,
  type WatchedKind,
} from './runtime/controller.ts';
export { ControllerGroup, type ControllerGroupOptions } from './runtime/controller-group.ts';
export { DONE, type Reconcile, type Result, TerminalError } from './runtime/reconciler.ts';
export { type Change, Source, SourceSet } from './runtime/source.ts';
export { ADDRESS_CONDITION } from './service.ts';
export { type Condition, findCondition, timestamp, withCondition, withoutCondition } from './support/conditions.ts';
export type { ControllerContext } from './support/context.ts';
export type {
  ControllerRevision,
  Deployment,
  EndpointSlice,
  Pod,
  PodTemplate,
  ReplicaSet,
  Service,
  StatefulSet,
} from './support/kinds.ts';
export { isActive, isAvailable, isFinished, isReady, KUBELET_FINALIZER } from './support/pods.ts';
export { matchesSelector, selectorText } from './support/selector.ts';
