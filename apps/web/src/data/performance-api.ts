import {
  type ExportQuery,
  type ListExperimentsResponse,
  type ListRunsResponse,
  PATHS,
  type RunPlanResponse,
  type RunRequest,
  type RunResponse,
  type RunStarted,
} from '@meshwise/api';
import type { Comparison, ExperimentRecord } from '@meshwise/performance';
import { FailureError, failureOf, UNREADABLE } from '../logic/failure.ts';
import { hasFields } from '../logic/performance/shape.ts';
import { ask, readJson } from './api.ts';

export interface ListAsked {
  readonly search?: string | undefined;
  readonly before?: string | undefined;
}

/** Rows of one page of a list. */
const PAGE_SIZE = 50;

export const performanceApi = {
  runs: (asked: ListAsked, signal: AbortSignal) =>
    read<ListRunsResponse>(`${PATHS.perfRuns}?${listQuery(asked)}`, ['items', 'next'], { signal }),
  experiments: (asked: ListAsked, signal: AbortSignal) =>
    read<ListExperimentsResponse>(`${PATHS.perfExperiments}?${listQuery(asked)}`, ['items', 'next'], { signal }),
  run: (id: string, signal: AbortSignal) =>
    read<RunResponse>(withId(PATHS.perfRun, id), ['record', 'histograms', 'seconds'], { signal }),
  /** The first is the baseline. */
  compare: (ids: readonly string[], signal: AbortSignal) =>
    read<Comparison>(`${PATHS.perfCompare}?${new URLSearchParams({ ids: ids.join(',') })}`, ['runs', 'rows'], {
      signal,
    }),
  experiment: (id: string, signal: AbortSignal) =>
    read<ExperimentRecord>(withId(PATHS.perfExperiment, id), ['id', 'blocks', 'environment'], { signal }),
  plan: (request: RunRequest, signal: AbortSignal) =>
    read<RunPlanResponse>(PATHS.perfPlan, ['words', 'warnings'], { signal, ...json(request) }),
  start: (request: RunRequest) => read<RunStarted>(PATHS.perfRuns, ['runId', 'experimentId'], json(request)),
  stopRun: (id: string) => send(withId(PATHS.perfStop, id), { method: 'POST' }),
  stopExperiment: (id: string) => send(withId(PATHS.perfExperimentStop, id), { method: 'POST' }),
  deleteRun: (id: string) => send(withId(PATHS.perfRun, id), { method: 'DELETE' }),
  deleteExperiment: (id: string) => send(withId(PATHS.perfExperiment, id), { method: 'DELETE' }),
};

export type ResultKind = 'run' | 'experiment';

/** Where a result is downloaded. */
export function exportPath(kind: ResultKind, id: string, format: ExportQuery['format']): string {
  return `${withId(kind === 'run' ? PATHS.perfExport : PATHS.perfExperimentExport, id)}?format=${format}`;
}

function withId(path: string, id: string): string {
  return path.replace('{id}', encodeURIComponent(id));
}

function listQuery(asked: ListAsked): string {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (asked.search !== undefined) query.set('search', asked.search);
  if (asked.before !== undefined) query.set('before', asked.before);
  return query.toString();
}

function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function read<T>(path: string, fields: readonly (keyof T & string)[], init: RequestInit): Promise<T> {
  const body = await send(path, { headers: { accept: 'application/json' }, ...init });
  if (!hasFields<T>(body, fields)) throw new FailureError(UNREADABLE);
  return body;
}

async function send(path: string, init: RequestInit): Promise<unknown> {
  const response = await ask(path, init);
  const body = await readJson(response);
  if (!response.ok) throw new FailureError(failureOf(response.status, body));
  return body;
}
