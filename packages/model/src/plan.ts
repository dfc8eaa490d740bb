/**
 * The Plan: for a proxy, what to listen on, how to match, where to send, with the resource and field that say so.
 * Plain data without a word of any proxy's configuration; `xds` prints it, simulation will interpret it.
 * Durations are milliseconds. Unset means unset: the printer adds no policy of its own.
 */
export type {
  ClusterPlan,
  ConnectionPool,
  Discovery,
  EndpointPlan,
  EndpointsPlan,
  HealthCheck,
  LoadBalancer,
  OutlierDetection,
  Protocol,
  RetryBudget,
  UpstreamTls,
} from './plan/cluster.ts';
export type { SecretPlan, TlsCredential, TlsVersion } from './plan/credential.ts';
export type {
  GatewayPlan,
  GatewayServerPlan,
  HttpServerPlan,
  TcpServerPlan,
  TerminatingChainPlan,
  TlsServerPlan,
} from './plan/gateway.ts';
export type { InboundPlan, InboundPortPlan, MutualTlsMode, ServerTls } from './plan/inbound.ts';
export type {
  Deadline,
  GlobalRateLimit,
  HttpFunctions,
  LocalRateLimit,
  RateLimitDescriptor,
  RouteLimits,
} from './plan/limits.ts';
export type { HttpMatch, RoutePathMatch, StringMatch } from './plan/match.ts';
export type {
  AddressedHost,
  ByteChainPlan,
  ByteSettings,
  DnsRecord,
  HttpPortPlan,
  OutboundPlan,
  TcpListenerPlan,
} from './plan/outbound.ts';
export type { PatchContext, PatchFilterClass, PatchOperation, PatchPlan, PatchTarget } from './plan/patch.ts';
export type { PathNormalization } from './plan/path-normalization.ts';
export type {
  CorsPolicy,
  Fault,
  FaultAbort,
  HashPolicy,
  HeaderOperations,
  Mirror,
  Retries,
  Rewrite,
  RouteAction,
  RoutePlan,
  SessionPersistence,
  VirtualHostPlan,
  WeightedCluster,
} from './plan/route.ts';
export type {
  AuthenticationPlan,
  AuthorizationPlan,
  AuthorizationPolicyPlan,
  AuthorizationRule,
  Condition,
  ExternalAuthorizer,
  PathMatch,
  SecurityPlan,
  TextMatch,
  TokenProvider,
} from './plan/security.ts';
export type { AccessLog, TelemetryPlan, Tracing } from './plan/telemetry.ts';
