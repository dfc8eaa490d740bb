import type { Verdict } from '@meshwise/load';
import {
  type ExperimentRecord,
  type LiveRun,
  millisecondsText,
  type OverheadReport,
  type RunRecord,
  type RunState,
  signedText,
} from '@meshwise/performance';
import { wholeCost } from './overhead.ts';

/** One line of the list: a run, or an experiment made of many. */
export interface ResultRow {
  readonly kind: 'run' | 'experiment';
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly target: string;
  readonly requestedRps: number | null;
  readonly achievedRps: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly counts: { readonly completed: number; readonly failed: number; readonly dropped: number } | undefined;
  readonly trust: Verdict | undefined;
  /** What an experiment found the mesh to add, in a few words. */
  readonly adds: string | undefined;
  readonly startedAt: string;
  /** Measured something and has ended, so that it can be held against others. */
  readonly comparable: boolean;
}

/** Newest first. What still runs is told apart by its state. */
export function resultRows(runs: readonly RunRecord[], experiments: readonly ExperimentRecord[]): ResultRow[] {
  return [...runs.map(runRow), ...experiments.map(experimentRow)].sort((a, b) =>
    a.startedAt === b.startedAt ? a.id.localeCompare(b.id) : a.startedAt < b.startedAt ? 1 : -1,
  );
}

function runRow(record: RunRecord): ResultRow {
  const { id, name, state, target, summary, startedAt } = record;
  return {
    kind: 'run',
    id,
    name,
    state,
    target: target.text,
    requestedRps: summary?.requestedRps ?? null,
    achievedRps: summary?.achievedRps ?? null,
    p50Ms: summary?.response.p50Ms ?? null,
    p99Ms: summary?.response.p99Ms ?? null,
    counts: summary ?? undefined,
    trust: summary?.trust.verdict,
    adds: undefined,
    startedAt,
    comparable: state !== 'running' && summary !== null,
  };
}

function experimentRow(record: ExperimentRecord): ResultRow {
  const { id, name, state, target, startedAt, report } = record;
  return {
    kind: 'experiment',
    id,
    name,
    state,
    target: target.text,
    requestedRps: null,
    achievedRps: null,
    p50Ms: null,
    p99Ms: null,
    counts: undefined,
    trust: undefined,
    adds: report === null ? undefined : addedWords(report),
    startedAt,
    comparable: false,
  };
}

/** `+1.6 ms at p50, +2.4 ms at p90`. */
function addedWords(report: OverheadReport): string | undefined {
  const added = wholeCost(report);
  if (added === undefined) return undefined;
  const { responseP50Ms, responseP90Ms } = added;
  const text = ({ value }: { readonly value: number | null }) => signedText(value, millisecondsText);
  return `${text(responseP50Ms)} at p50, ${text(responseP90Ms)} at p90`;
}

/** The live figures of a run, or of an experiment, whose blocks are shown under its own id. */
export function liveOf(live: readonly LiveRun[], ...ids: readonly (string | undefined)[]): LiveRun | undefined {
  return live.find((run) => ids.includes(run.id));
}

/** Before a block of an experiment is prepared there is neither a rate nor a time. */
export function hasBegun(run: Pick<LiveRun, 'elapsedMs' | 'remainingMs'>): boolean {
  return run.elapsedMs + run.remainingMs > 0;
}

/** 0 to 1 of the planned time. */
export function progressOf(run: Pick<LiveRun, 'elapsedMs' | 'remainingMs'>): number {
  const all = run.elapsedMs + run.remainingMs;
  return all <= 0 ? 0 : Math.min(1, run.elapsedMs / all);
}
