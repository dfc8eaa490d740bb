import Type from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** `GET /api/v1/access`. A workload is its name, its service account, its service, or the beginning of its name. */
export const AccessQuery = Type.Object({
  /** Only servers of this namespace; all when absent. */
  namespace: Type.Optional(Type.String()),
  /** Only clients of this name; `plain text` and `any other identity` are clients too. */
  from: Type.Optional(Type.String()),
  /** Only servers of this name. */
  to: Type.Optional(Type.String()),
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
});
export type AccessQuery = Type.Static<typeof AccessQuery>;

/** The policy, and where in it the rule stands that decided. */
export const AccessRule = Type.Object({
  object: Type.Object({ kind: Type.String(), namespace: Type.String(), name: Type.String() }),
  /** `spec.rules[0]`; null when the policy as a whole decided, as one without a matching rule. */
  field: Nullable(Type.String()),
});
export type AccessRule = Type.Static<typeof AccessRule>;

/** All conditions have to be met: of `one-of` one rule has to hold, of `none-of` none; of `asks` somebody is asked. */
export const AccessCondition = Type.Object({
  needs: Type.Union([Type.Literal('one-of'), Type.Literal('none-of'), Type.Literal('asks')]),
  /** Who is asked. */
  authorizer: Nullable(Type.String()),
  /** On a port that carries both: of which the condition is. Null: of whatever comes. */
  carried: Nullable(Type.Union([Type.Literal('http'), Type.Literal('bytes')])),
  /** What each rule asks for, as `GET on /details*`. */
  rules: Type.Array(Type.Object({ words: Type.String(), rule: AccessRule })),
});
export type AccessCondition = Type.Static<typeof AccessCondition>;

/** `allowed`: every request, but those with a token that is not good; `refused`: none; `some`: what meets the conditions. */
export const AccessSummary = Type.Object({
  verdict: Type.Union([Type.Literal('allowed'), Type.Literal('refused'), Type.Literal('some')]),
  reason: Type.String(),
  by: Type.Array(AccessRule),
  conditions: Type.Array(AccessCondition),
});
export type AccessSummary = Type.Static<typeof AccessSummary>;

export const AccessClient = Type.Object({
  kind: Type.Union([Type.Literal('identity'), Type.Literal('plain'), Type.Literal('other')]),
  /** What to call it: `default/bookinfo-productpage` (namespace and service account), `plain text`, `any other identity`. */
  name: Type.String(),
  /** SPIFFE id. */
  identity: Nullable(Type.String()),
  /** What runs with it, as `default/productpage-v1`. */
  workloads: Type.Array(Type.String()),
});
export type AccessClient = Type.Static<typeof AccessClient>;

export const AccessPort = Type.Object({
  port: Type.Integer(),
  protocol: Type.String(),
  mutualTls: Type.Union([Type.Literal('strict'), Type.Literal('permissive'), Type.Literal('disable')]),
  /** `default/reviews`. */
  service: Nullable(Type.String()),
  /** For each client the index of its summary. */
  cells: Type.Array(Type.Integer()),
});
export type AccessPort = Type.Static<typeof AccessPort>;

export const AccessServer = Type.Object({
  role: Type.Union([Type.Literal('sidecar'), Type.Literal('gateway')]),
  namespace: Type.String(),
  name: Type.String(),
  /** SPIFFE id. */
  identity: Nullable(Type.String()),
  pods: Type.Array(Type.String()),
  ports: Type.Array(AccessPort),
});
export type AccessServer = Type.Static<typeof AccessServer>;

/** What every workload may do at every other. */
export const AccessView = Type.Object({
  clients: Type.Array(AccessClient),
  servers: Type.Array(AccessServer),
  summaries: Type.Array(AccessSummary),
  /** Whether anything is said at all: without a policy everybody may do everything. */
  hasPolicies: Type.Boolean(),
});
export type AccessView = Type.Static<typeof AccessView>;

/** `POST /api/v1/access/request`: what would become of one request. */
export const AccessRequest = Type.Object({
  /** Names as in `AccessQuery`. */
  from: Type.String(),
  to: Type.String(),
  namespace: Type.Optional(Type.String()),
  /** All ports of the servers when absent. */
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  /** Default GET. */
  method: Type.Optional(Type.String()),
  /** Default `/`. */
  path: Type.Optional(Type.String()),
  /** Names and values. `host` is what the request is for; default: the service. */
  headers: Type.Optional(Type.Record(Type.String(), Type.String())),
});
export type AccessRequest = Type.Static<typeof AccessRequest>;

/** `asked`: an external authorizer has the last word; `unknown`: only the proxy can tell. */
export const AccessDecision = Type.Object({
  client: Type.String(),
  /** `default/reviews-v1`. */
  server: Type.String(),
  port: Type.Integer(),
  verdict: Type.Union([
    Type.Literal('allowed'),
    Type.Literal('refused'),
    Type.Literal('asked'),
    Type.Literal('unknown'),
  ]),
  /** What the client sees of a refusal; `closed`: its connection ends. */
  status: Nullable(Type.Union([Type.Literal(401), Type.Literal(403), Type.Literal('closed')])),
  reason: Type.String(),
  by: Type.Array(AccessRule),
});
export type AccessDecision = Type.Static<typeof AccessDecision>;

export const AccessDecisions = Type.Object({ decisions: Type.Array(AccessDecision) });
export type AccessDecisions = Type.Static<typeof AccessDecisions>;
