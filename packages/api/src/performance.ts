import { LoadInput } from '@meshwise/load';
import { Criterion, ExperimentRecord, LiveRun, PathVariant, RunRecord } from '@meshwise/performance';
import Type from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** `POST /api/v1/perf/runs` and, to see what would happen, `POST /api/v1/perf/plan`. */
export const RunRequest = Type.Object({
  /** A URL, or `service[.namespace][:port]/path` of the mesh. */
  target: Type.String({ minLength: 1, maxLength: 16_384 }),
  /** Where load comes from; by default outside for a URL and inside for a service. */
  from: Type.Optional(Type.Union([Type.Literal('outside'), Type.Literal('inside')])),
  name: Type.Optional(Type.String({ maxLength: 200 })),
  load: LoadInput,
  criteria: Type.Optional(Type.Array(Criterion, { maxItems: 16 })),
  /** The user agrees to load on something that is neither this machine nor this mesh. */
  yes: Type.Optional(Type.Boolean()),
  compareMesh: Type.Optional(
    Type.Object({
      rounds: Type.Optional(Type.Integer({ minimum: 2, maximum: 1_000 })),
      blockMs: Type.Optional(Type.Number({ minimum: 1_000, maximum: 600_000 })),
      variants: Type.Optional(Type.Array(PathVariant, { minItems: 2, maxItems: 3, uniqueItems: true })),
    }),
  ),
});
export type RunRequest = Type.Static<typeof RunRequest>;

/** What would happen, before it does. */
export const RunPlanResponse = Type.Object({
  words: Type.Array(Type.String()),
  command: Type.String(),
  /** Null when the target answered, else why not. */
  unreachable: Nullable(Type.String()),
  warnings: Type.Array(Type.String()),
});
export type RunPlanResponse = Type.Static<typeof RunPlanResponse>;

/** Exactly one of them is set. */
export const RunStarted = Type.Object({ runId: Nullable(Type.String()), experimentId: Nullable(Type.String()) });
export type RunStarted = Type.Static<typeof RunStarted>;

export const ListRunsQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  before: Type.Optional(Type.String()),
  search: Type.Optional(Type.String()),
  experimentId: Type.Optional(Type.String()),
});
export type ListRunsQuery = Type.Static<typeof ListRunsQuery>;

export const ListRunsResponse = Type.Object({ items: Type.Array(RunRecord), next: Nullable(Type.String()) });
export type ListRunsResponse = Type.Static<typeof ListRunsResponse>;
export const ListExperimentsResponse = Type.Object({
  items: Type.Array(ExperimentRecord),
  next: Nullable(Type.String()),
});
export type ListExperimentsResponse = Type.Static<typeof ListExperimentsResponse>;

/** `SparseHistogram` of @meshwise/load. */
const Sparse = Type.Array(Type.Number());

/** `GET /api/v1/perf/runs/{id}`. */
export const RunResponse = Type.Object({
  record: RunRecord,
  /** In nanoseconds; empty while it runs. */
  histograms: Type.Object({ service: Sparse, response: Sparse, lag: Sparse, errorResponse: Sparse }),
  seconds: Type.Array(LiveRun.properties.seconds.items),
});
export type RunResponse = Type.Static<typeof RunResponse>;

/** `GET /api/v1/perf/runs/{id}/export`: json (everything, intervals too), csv (a line a second), hdr (one line each), svg, html. */
export const ExportQuery = Type.Object({
  format: Type.Enum(['json', 'csv', 'hdr', 'svg', 'html']),
});
export type ExportQuery = Type.Static<typeof ExportQuery>;

/** `GET /api/v1/perf/compare`: ids of two to five runs, the baseline first, with commas between. Answers with `Comparison`. */
export const CompareQuery = Type.Object({ ids: Type.String({ minLength: 1, maxLength: 1_000 }) });
export type CompareQuery = Type.Static<typeof CompareQuery>;

/** `event: runs` of the stream. */
export const LiveRuns = Type.Object({ runs: Type.Array(LiveRun) });
export type LiveRuns = Type.Static<typeof LiveRuns>;
