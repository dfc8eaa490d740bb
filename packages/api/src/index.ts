export { Health, ResourceUse, Traffic } from './health.ts';
export {
  ApplyOutcome,
  ApplyRequest,
  ApplyResponse,
  DeleteRequest,
  ErrorResponse,
  FieldChange,
  LogsQuery,
  Problem,
  ProxyConfigQuery,
  ProxyConfigResponse,
  ProxyRestartRequest,
  ResourceBody,
  ResourcesQuery,
  ResourcesResponse,
  SessionRequest,
  SessionToken,
  TapEvent,
  TapQuery,
} from './operations.ts';
export { PATHS } from './paths.ts';
export {
  ExportQuery,
  ListExperimentsResponse,
  ListRunsQuery,
  ListRunsResponse,
  LiveRuns,
  RunPlanResponse,
  RunRequest,
  RunResponse,
  RunStarted,
} from './performance.ts';
export {
  CallView,
  ConditionView,
  GatewayView,
  PodView,
  ProxyView,
  ServiceView,
  StatusView,
  WorkloadView,
  XdsTypeView,
} from './status.ts';
