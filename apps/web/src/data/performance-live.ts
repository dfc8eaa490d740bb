import type { LiveRuns } from '@meshwise/api';
import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { hasFields } from '../logic/performance/shape.ts';

type Live = LiveRuns['runs'];

/** Everything about results is kept under this key, so that one call can say that all of it may have changed. */
export const PERFORMANCE_KEY = 'performance';
const LIVE_KEY = [PERFORMANCE_KEY, 'live'] as const;
const NONE: Live = [];

const liveQuery = queryOptions<Live>({
  queryKey: LIVE_KEY,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  enabled: false,
});

/** Takes `event: runs`. When a run begins or ends, what was read of results before is read again. */
export function storeLiveRuns(client: QueryClient, received: unknown): void {
  if (!hasFields<LiveRuns>(received, ['runs']) || !Array.isArray(received.runs)) return;
  const before = client.getQueryData<Live>(LIVE_KEY) ?? NONE;
  client.setQueryData<Live>(LIVE_KEY, received.runs);
  if (stepsOf(before) === stepsOf(received.runs)) return;
  void client.invalidateQueries({
    queryKey: [PERFORMANCE_KEY],
    predicate: (query) => query.queryKey[1] !== LIVE_KEY[1],
  });
}

function stepsOf(runs: Live): string {
  return runs
    .map((run) => `${run.id} ${run.step ?? ''}`)
    .sort()
    .join('\n');
}

/** The load tests that go on now, as the stream last said. */
export function useLiveRuns(): Live {
  return useQuery(liveQuery).data ?? NONE;
}
