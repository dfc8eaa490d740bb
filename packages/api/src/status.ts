import Type from 'typebox';
import { Health, ResourceUse, Traffic } from './health.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const ServiceView = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  host: Type.String(),
  clusterIp: Nullable(Type.String()),
  ports: Type.Array(Type.Object({ name: Nullable(Type.String()), port: Type.Integer(), protocol: Type.String() })),
  endpointsReady: Type.Integer(),
  endpointsTotal: Type.Integer(),
  /** `default/reviews-v1`: whose pods stand behind it. */
  workloads: Type.Array(Type.String()),
  health: Health,
  /** Why the health is what it is, in words. */
  reason: Nullable(Type.String()),
  traffic: Traffic,
});
export type ServiceView = Type.Static<typeof ServiceView>;

export const PodView = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  ip: Nullable(Type.String()),
  phase: Type.String(),
  ready: Type.Boolean(),
  terminating: Type.Boolean(),
  restarts: Type.Integer(),
  startedAt: Nullable(Type.String()),
  /** Reason of waiting or of the last end, as `CrashLoopBackOff: exited with code 1`. */
  reason: Nullable(Type.String()),
  application: ResourceUse,
  sidecar: Nullable(ResourceUse),
});
export type PodView = Type.Static<typeof PodView>;

export const WorkloadView = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  podsReady: Type.Integer(),
  podsDesired: Type.Integer(),
  injected: Type.Boolean(),
  health: Health,
  reason: Nullable(Type.String()),
  images: Type.Array(Type.String()),
  pods: Type.Array(PodView),
});
export type WorkloadView = Type.Static<typeof WorkloadView>;

export const XdsTypeView = Type.Object({
  /** CDS, EDS, LDS, RDS, SDS, ECDS. */
  type: Type.String(),
  resources: Type.Integer(),
  sent: Nullable(Type.String()),
  acknowledged: Nullable(Type.String()),
  synced: Type.Boolean(),
  lastRejection: Nullable(
    Type.Object({ at: Type.String(), resources: Type.Array(Type.String()), reason: Type.String() }),
  ),
});

export const ProxyView = Type.Object({
  id: Type.String(),
  role: Type.Union([Type.Literal('sidecar'), Type.Literal('gateway'), Type.Literal('node')]),
  /** How a process joined that somebody else runs; absent for those that the daemon runs. */
  attached: Type.Optional(Type.Union([Type.Literal('envoy'), Type.Literal('grpc')])),
  /** `default/productpage-v1`; for a gateway its own name. */
  workload: Type.String(),
  pod: Nullable(Type.String()),
  /** SPIFFE id; null for a proxy without identity. */
  identity: Nullable(Type.String()),
  certificateExpiresAt: Nullable(Type.String()),
  process: Type.Union([Type.Literal('running'), Type.Literal('restarting'), Type.Literal('stopped')]),
  restarts: Type.Integer(),
  /** Why the last restart, when there was one. */
  lastExit: Nullable(Type.String()),
  connected: Type.Boolean(),
  synced: Type.Boolean(),
  types: Type.Array(XdsTypeView),
  health: Health,
  reason: Nullable(Type.String()),
  traffic: Traffic,
  use: ResourceUse,
  version: Nullable(Type.String()),
});
export type ProxyView = Type.Static<typeof ProxyView>;

export const GatewayView = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  /** Name of the listener, of a Gateway of the Gateway API; absent for servers of Istio's. */
  listener: Type.Optional(Type.String()),
  hosts: Type.Array(Type.String()),
  /** Port in the Gateway resource. */
  port: Type.Integer(),
  /** Where it can be reached from this machine; null when nothing listens. */
  address: Nullable(Type.String()),
  routes: Type.Integer(),
  health: Health,
  reason: Nullable(Type.String()),
  traffic: Traffic,
});
export type GatewayView = Type.Static<typeof GatewayView>;

/** Who calls what, as the caller's proxies see it: those that carried a request since the proxies started. */
export const CallView = Type.Object({
  /** `default/productpage-v1`: a workload, or a gateway's. */
  from: Type.String(),
  /** `default/reviews`; null for a host that is no service of the mesh. */
  service: Nullable(Type.String()),
  host: Type.String(),
  port: Type.Integer(),
  /** Of the DestinationRule, when the route names one. */
  subset: Nullable(Type.String()),
  /** Null while there was no connection to tell by. */
  mutualTls: Nullable(Type.Boolean()),
  traffic: Traffic,
});
export type CallView = Type.Static<typeof CallView>;

/** A remark on a resource: what is invalid or not enforced. */
export const ConditionView = Type.Object({
  /** Without a group for kinds of Kubernetes' core. */
  object: Type.Object({
    group: Type.Optional(Type.String()),
    kind: Type.String(),
    namespace: Type.String(),
    name: Type.String(),
  }),
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')]),
  field: Nullable(Type.String()),
  message: Type.String(),
});
export type ConditionView = Type.Static<typeof ConditionView>;

/** Everything the first page and `meshwise status` show. Times are RFC 3339. */
export const StatusView = Type.Object({
  at: Type.String(),
  version: Type.String(),
  state: Type.Union([
    Type.Literal('starting'),
    Type.Literal('ready'),
    Type.Literal('degraded'),
    Type.Literal('stopping'),
  ]),
  mesh: Type.Object({
    name: Type.String(),
    trustDomain: Type.String(),
    capture: Type.Union([Type.Literal('netns'), Type.Literal('loopback')]),
    rootless: Type.Boolean(),
    /** What the user must know about the capture, as that it can be bypassed. */
    notes: Type.Array(Type.String()),
    sample: Nullable(Type.String()),
    envoyVersion: Nullable(Type.String()),
  }),
  addresses: Type.Object({ gateway: Nullable(Type.String()), api: Type.String(), ui: Type.String() }),
  daemon: Type.Object({ pid: Type.Integer(), startedAt: Type.String(), use: ResourceUse }),
  services: Type.Array(ServiceView),
  workloads: Type.Array(WorkloadView),
  proxies: Type.Array(ProxyView),
  gateways: Type.Array(GatewayView),
  calls: Type.Array(CallView),
  conditions: Type.Array(ConditionView),
  /** When request rates were last read from the proxies; null before the first time. */
  measuredAt: Nullable(Type.String()),
  measureIntervalMs: Type.Integer(),
});
export type StatusView = Type.Static<typeof StatusView>;
