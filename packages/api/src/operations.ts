import Type from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Any Kubernetes-shaped object. */
export const ResourceBody = Type.Unsafe<Record<string, unknown>>(
  Type.Object({ apiVersion: Type.String(), kind: Type.String() }, { additionalProperties: true }),
);

export const Problem = Type.Object({
  code: Type.String(),
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')]),
  message: Type.String(),
  file: Nullable(Type.String()),
  line: Nullable(Type.Integer()),
  column: Nullable(Type.Integer()),
  field: Nullable(Type.String()),
});
export type Problem = Type.Static<typeof Problem>;

/** `POST /api/v1/apply`: files as text, so that positions in messages are those of the user's files. */
export const ApplyRequest = Type.Object({
  files: Type.Array(Type.Object({ name: Type.String(), text: Type.String() })),
  /** Namespace for resources that name none; `default` unless given. */
  namespace: Type.Optional(Type.String()),
  dryRun: Type.Optional(Type.Boolean()),
  fieldManager: Type.Optional(Type.String()),
  force: Type.Optional(Type.Boolean()),
});
export type ApplyRequest = Type.Static<typeof ApplyRequest>;

export const FieldChange = Type.Object({ path: Type.String(), before: Type.Unknown(), after: Type.Unknown() });

export const ApplyOutcome = Type.Object({
  object: Type.Object({
    apiVersion: Type.String(),
    kind: Type.String(),
    namespace: Type.String(),
    name: Type.String(),
  }),
  outcome: Type.Union([
    Type.Literal('created'),
    Type.Literal('configured'),
    Type.Literal('unchanged'),
    Type.Literal('deleted'),
    Type.Literal('absent'),
  ]),
  /** Only from `POST /api/v1/diff`. */
  changes: Type.Optional(Type.Array(FieldChange)),
});
export type ApplyOutcome = Type.Static<typeof ApplyOutcome>;

/**
 * What the mesh makes of one resource. `accepted`: all of it holds. `conditions`: it holds but for what the conditions name.
 * `rejected`: it has errors and was not applied, nor was anything beside it.
 */
export const ResourceVerdict = Type.Object({
  object: Type.Object({ kind: Type.String(), namespace: Type.String(), name: Type.String() }),
  verdict: Type.Union([Type.Literal('accepted'), Type.Literal('conditions'), Type.Literal('rejected')]),
  conditions: Type.Array(Problem),
});
export type ResourceVerdict = Type.Static<typeof ResourceVerdict>;

/** Answer of apply, diff and delete. With an error among the problems nothing was done and `outcomes` is empty. */
export const ApplyResponse = Type.Object({
  dryRun: Type.Boolean(),
  outcomes: Type.Array(ApplyOutcome),
  problems: Type.Array(Problem),
  /** One for each resource of the request, and for others whose conditions become more by it. */
  verdicts: Type.Array(ResourceVerdict),
});
export type ApplyResponse = Type.Static<typeof ApplyResponse>;

/** One change of the configuration that a person made. */
export const RevisionView = Type.Object({
  number: Type.Integer(),
  at: Type.String(),
  reason: Type.String(),
  changes: Type.Array(
    Type.Object({
      object: Type.Object({ kind: Type.String(), namespace: Type.String(), name: Type.String() }),
      outcome: Type.Union([Type.Literal('created'), Type.Literal('configured'), Type.Literal('deleted')]),
    }),
  ),
});
export type RevisionView = Type.Static<typeof RevisionView>;

export const RevisionsQuery = Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) });
export const RevisionsResponse = Type.Object({ items: Type.Array(RevisionView) });
export type RevisionsResponse = Type.Static<typeof RevisionsResponse>;

/** `POST /api/v1/rollback`. Without `to` the last revision is undone. */
export const RollbackRequest = Type.Object({
  to: Type.Optional(Type.Integer({ minimum: 0 })),
  dryRun: Type.Optional(Type.Boolean()),
});
export type RollbackRequest = Type.Static<typeof RollbackRequest>;

export const RollbackResponse = Type.Object({
  dryRun: Type.Boolean(),
  to: Type.Integer(),
  outcomes: Type.Array(ApplyOutcome),
});
export type RollbackResponse = Type.Static<typeof RollbackResponse>;

export const ErrorResponse = Type.Object({
  code: Type.String(),
  message: Type.String(),
  advice: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type ErrorResponse = Type.Static<typeof ErrorResponse>;

/** One request as a proxy saw it, from `GET /api/v1/tap`. */
export const TapEvent = Type.Object({
  at: Type.String(),
  /** `inbound` or `outbound`, seen from the workload. */
  direction: Type.Union([Type.Literal('inbound'), Type.Literal('outbound')]),
  proxy: Type.String(),
  method: Type.String(),
  authority: Type.String(),
  path: Type.String(),
  status: Type.Integer(),
  durationMs: Type.Number(),
  /** Address that the request was sent to. */
  local: Nullable(Type.String()),
  /** Address that it came from. */
  peer: Nullable(Type.String()),
  requestId: Nullable(Type.String()),
});
export type TapEvent = Type.Static<typeof TapEvent>;

/** Query of `GET /api/v1/resources`. `kind` is a kind, plural or short name in any case, optionally with `.group`. */
export const ResourcesQuery = Type.Object({
  kind: Type.String(),
  /** All namespaces when absent. */
  namespace: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  labelSelector: Type.Optional(Type.String()),
});
export type ResourcesQuery = Type.Static<typeof ResourcesQuery>;

export const ResourcesResponse = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  namespaced: Type.Boolean(),
  resourceVersion: Type.String(),
  items: Type.Array(ResourceBody),
});
export type ResourcesResponse = Type.Static<typeof ResourcesResponse>;

/** A name as Kubernetes has them; also what keeps a name from being a path. */
const Name = Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$', maxLength: 253 });

export const LogsQuery = Type.Object({
  namespace: Name,
  pod: Name,
  /** The only program's container unless given; `istio-proxy` is the sidecar. */
  container: Type.Optional(Name),
  tailLines: Type.Optional(Type.Integer({ minimum: 0 })),
  follow: Type.Optional(Type.Boolean()),
  /** The start before the current one. */
  previous: Type.Optional(Type.Boolean()),
});
export type LogsQuery = Type.Static<typeof LogsQuery>;

export const TapQuery = Type.Object({
  /** `deploy/reviews-v1`, a pod's name, or a proxy id; all proxies when absent. */
  target: Type.Optional(Type.String()),
  namespace: Type.Optional(Type.String()),
  /** Ends after this many events. */
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type TapQuery = Type.Static<typeof TapQuery>;

export const ProxyConfigQuery = Type.Object({
  /** A proxy id, a pod's name, `namespace/pod`, or `deploy/NAME`. */
  proxy: Type.String(),
  namespace: Type.Optional(Type.String()),
  type: Type.Union([
    Type.Literal('clusters'),
    Type.Literal('listeners'),
    Type.Literal('routes'),
    Type.Literal('endpoints'),
    Type.Literal('secrets'),
    Type.Literal('bootstrap'),
    Type.Literal('all'),
  ]),
});
export type ProxyConfigQuery = Type.Static<typeof ProxyConfigQuery>;

/** Envoy's own view, from its admin interface, with private keys left out. */
export const ProxyConfigResponse = Type.Object({ proxy: Type.String(), config: Type.Unknown() });
export type ProxyConfigResponse = Type.Static<typeof ProxyConfigResponse>;

export const ProxyRestartRequest = Type.Object({ proxy: Type.String(), namespace: Type.Optional(Type.String()) });
export type ProxyRestartRequest = Type.Static<typeof ProxyRestartRequest>;

/** `POST /api/v1/proxies/attach`: a process that joins from outside. What is absent is the group's, then a default. */
export const AttachRequest = Type.Object({
  name: Name,
  namespace: Type.Optional(Name),
  kind: Type.Union([Type.Literal('envoy'), Type.Literal('grpc')]),
  role: Type.Optional(Type.Union([Type.Literal('sidecar'), Type.Literal('gateway')])),
  workloadGroup: Type.Optional(Name),
  serviceAccount: Type.Optional(Name),
  /** Where others reach it. */
  address: Type.Optional(Type.String()),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  /** `8080` or `http:8080`; of a gateway `80:18080`, where the first is the port that Gateways name. */
  ports: Type.Optional(Type.Array(Type.String({ pattern: '^([a-z0-9-]+:)?[0-9]{1,5}$' }))),
});
export type AttachRequest = Type.Static<typeof AttachRequest>;

export const AttachResponse = Type.Object({
  object: Type.Object({ kind: Type.String(), namespace: Type.String(), name: Type.String() }),
  kind: Type.Union([Type.Literal('envoy'), Type.Literal('grpc')]),
  /** Its id. */
  proxy: Type.String(),
  /** What the process is started with: Envoy's bootstrap, or that of gRPC's xDS clients. */
  bootstrap: Type.Unknown(),
  /** How to start it, in sentences. */
  advice: Type.Array(Type.String()),
});
export type AttachResponse = Type.Static<typeof AttachResponse>;

export const SessionRequest = Type.Object({ token: Type.String() });
export const SessionToken = Type.Object({
  /** Good for one exchange within a few minutes. */
  token: Type.String(),
  /** The page with the token in its fragment. */
  address: Type.String(),
});
export type SessionToken = Type.Static<typeof SessionToken>;

export const DeleteRequest = Type.Object({
  files: Type.Optional(Type.Array(Type.Object({ name: Type.String(), text: Type.String() }))),
  /** Or one kind with names. */
  kind: Type.Optional(Type.String()),
  names: Type.Optional(Type.Array(Type.String())),
  namespace: Type.Optional(Type.String()),
  dryRun: Type.Optional(Type.Boolean()),
});
export type DeleteRequest = Type.Static<typeof DeleteRequest>;
