import type { RunRequest, RunResponse } from '@meshwise/api';
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type UseQueryResult,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Failure, FailureError } from '../logic/failure.ts';
import { NO_SUCH_RESULT } from '../logic/performance/words.ts';
import { performanceApi, type ResultKind } from './performance-api.ts';
import { PERFORMANCE_KEY } from './performance-live.ts';
import { useLive, useNow } from './status-context.tsx';

/** The stream says when a run ends; this is for the case that its last word was lost. */
const RUNNING_POLL_MS = 4_000;
/** What could not be read is asked for again by itself, unless it is not there. */
const RETRY_MS = 10_000;
const NEVER_STALE = Number.POSITIVE_INFINITY;

export const runsQuery = (search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [PERFORMANCE_KEY, 'runs', search],
    queryFn: ({ pageParam, signal }) => performanceApi.runs({ search, before: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => againMs(query.state.error, false),
  });

export const experimentsQuery = (search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [PERFORMANCE_KEY, 'experiments', search],
    queryFn: ({ pageParam, signal }) => performanceApi.experiments({ search, before: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => againMs(query.state.error, false),
  });

function againMs(error: Error | null, running: boolean): number | false {
  if (error === null) return running ? RUNNING_POLL_MS : false;
  return FailureError.from(error).failure.code === NO_SUCH_RESULT ? false : RETRY_MS;
}

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: [PERFORMANCE_KEY, 'run', id],
    queryFn: ({ signal }) => performanceApi.run(id, signal),
    staleTime: 0,
  });

export function useRun(id: string) {
  const paused = useNow().freshness.tone === 'paused';
  return useQuery({
    ...runQuery(id),
    refetchInterval: ({ state }) => againMs(state.error, !paused && state.data?.record.state === 'running'),
  });
}

export function useExperiment(id: string) {
  const paused = useNow().freshness.tone === 'paused';
  return useQuery({
    queryKey: [PERFORMANCE_KEY, 'experiment', id],
    queryFn: ({ signal }) => performanceApi.experiment(id, signal),
    refetchInterval: ({ state }) => againMs(state.error, !paused && state.data?.state === 'running'),
  });
}

/**
 * The daemon's comparison, the first id being the baseline. The one before stays while another order is worked out. What has ended
 * does not change, so that nothing is worked out anew while somebody measures.
 */
export function useComparison(ids: readonly string[]) {
  return useQuery({
    queryKey: ['performance-compare', ids],
    queryFn: ({ signal }) => performanceApi.compare(ids, signal),
    staleTime: NEVER_STALE,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => againMs(state.error, false),
  });
}

/** Runs with their histograms, in the order of the ids; none before all of them are there. */
export function useRuns(ids: readonly string[]) {
  return useQueries({ queries: ids.map((id) => ({ ...runQuery(id), staleTime: NEVER_STALE })), combine: allRuns });
}

function allRuns(queries: readonly UseQueryResult<RunResponse>[]) {
  const runs = queries.flatMap(({ data }) => (data === undefined ? [] : [data]));
  return {
    runs: runs.length === queries.length ? runs : [],
    error: queries.find((query) => query.error !== null)?.error ?? null,
    refetches: queries.map(({ refetch }) => refetch),
  };
}

/** What would happen. Asks only when told to: it sends one request to the target. */
export function usePlanCheck(request: RunRequest | undefined) {
  return useQuery({
    queryKey: ['performance-plan', JSON.stringify(request ?? null)],
    queryFn: ({ signal }) => {
      if (request === undefined) throw new Error('checked without a request');
      return performanceApi.plan(request, signal);
    },
    enabled: request !== undefined,
    staleTime: NEVER_STALE,
    gcTime: 0,
  });
}

export function useStart() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: performanceApi.start,
    onSuccess: () => client.invalidateQueries({ queryKey: [PERFORMANCE_KEY] }),
  });
}

export function useStop(kind: ResultKind, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => (kind === 'run' ? performanceApi.stopRun(id) : performanceApi.stopExperiment(id)),
    onSettled: () => client.invalidateQueries({ queryKey: [PERFORMANCE_KEY, kind, id] }),
  });
}

export function useDelete(kind: ResultKind, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => (kind === 'run' ? performanceApi.deleteRun(id) : performanceApi.deleteExperiment(id)),
    onSuccess: async () => {
      client.removeQueries({ queryKey: [PERFORMANCE_KEY, kind, id] });
      await client.invalidateQueries({ queryKey: [PERFORMANCE_KEY, `${kind}s`] });
    },
  });
}

/** What went wrong, if anything. A session that has ended shows as on every other page: by the way to sign in. */
export function useFailure(error: Error | null): Failure | undefined {
  const { source } = useLive();
  const failure = error === null ? undefined : FailureError.from(error).failure;
  const signedOut = failure?.kind === 'unauthorised';
  useEffect(() => {
    if (signedOut) void source.start();
  }, [signedOut, source]);
  return failure;
}
