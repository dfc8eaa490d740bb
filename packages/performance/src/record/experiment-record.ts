import Type from 'typebox';
import { PathVariant, RunEnvironment, RunState, RunTarget } from './run-record.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A figure with its 95 % interval. Null bounds: too few rounds to say. */
export const Estimate = Type.Object({
  value: Nullable(Type.Number()),
  low: Nullable(Type.Number()),
  high: Nullable(Type.Number()),
});
export type Estimate = Type.Static<typeof Estimate>;

/** A difference. `within noise` when its interval includes zero, `unknown` when there is none. */
export const Difference = Type.Object({
  ...Estimate.properties,
  verdict: Type.Union([
    Type.Literal('more'),
    Type.Literal('less'),
    Type.Literal('within noise'),
    Type.Literal('unknown'),
  ]),
});
export type Difference = Type.Static<typeof Difference>;

const figures = <T extends Type.TSchema>(figure: T) => ({
  responseP50Ms: figure,
  responseP90Ms: figure,
  responseP99Ms: figure,
  achievedRps: figure,
  /** Of sidecars on the measured path; of the application that is measured. */
  sidecarCpuMsPer1000Requests: figure,
  applicationCpuMsPer1000Requests: figure,
  sidecarMemoryBytes: figure,
});

export const VariantReport = Type.Object({
  variant: PathVariant,
  blocks: Type.Integer(),
  requests: Type.Integer(),
  failed: Type.Integer(),
  ...figures(Estimate),
});
export type VariantReport = Type.Static<typeof VariantReport>;

/** What one way adds over another. */
export const AddedReport = Type.Object({ from: PathVariant, to: PathVariant, ...figures(Difference) });
export type AddedReport = Type.Static<typeof AddedReport>;

/** A published figure beside ours, never taken for one that we measured. */
export const Reference = Type.Object({
  /** Of `docs`: 001-67, 001-69. */
  missionId: Type.String(),
  title: Type.String(),
  published: Type.String(),
  measured: Type.String(),
});
export type Reference = Type.Static<typeof Reference>;

export const OverheadReport = Type.Object({
  variants: Type.Array(VariantReport),
  added: Type.Array(AddedReport),
  references: Type.Array(Reference),
  /** What a reader must know: rounds that were left out, generator limits, what the path leaves out. */
  notes: Type.Array(Type.String()),
});
export type OverheadReport = Type.Static<typeof OverheadReport>;

/** `perf run --compare-mesh`: the same requests with and without sidecars, in blocks of random order. */
export const ExperimentRecord = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.Literal('compare-mesh'),
  state: RunState,
  note: Nullable(Type.String()),
  startedAt: Type.String(),
  endedAt: Nullable(Type.String()),
  target: RunTarget,
  words: Type.Array(Type.String()),
  command: Type.String(),
  environment: RunEnvironment,
  variants: Type.Array(PathVariant),
  /** Who is on the measured path in each of them, as named in `use` of its blocks. */
  onPath: Type.Array(
    Type.Object({
      variant: PathVariant,
      sidecars: Type.Array(Type.String()),
      applications: Type.Array(Type.String()),
    }),
  ),
  rounds: Type.Integer(),
  blockMs: Type.Number(),
  seed: Type.Integer(),
  /** In the order in which they ran; each is a run of its own in the store. */
  blocks: Type.Array(Type.Object({ round: Type.Integer(), variant: PathVariant, runId: Type.String() })),
  report: Nullable(OverheadReport),
});
export type ExperimentRecord = Type.Static<typeof ExperimentRecord>;
