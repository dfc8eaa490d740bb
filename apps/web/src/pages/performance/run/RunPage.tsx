import { getRouteApi } from '@tanstack/react-router';
import { useLiveRuns } from '../../../data/performance-live.ts';
import { useFailure, useRun } from '../../../data/performance-queries.ts';
import { liveOf } from '../../../logic/performance/result-rows.ts';
import { Head } from '../Head.tsx';
import { PageFailure, PageSkeleton, StaleBanner } from '../PageStates.tsx';
import { EndedRun } from './EndedRun.tsx';
import { RunningRun } from './RunningRun.tsx';

const route = getRouteApi('/performance/runs/$id');

/** One run: live while it goes on, its result afterwards, under the same address. */
export function RunPage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useRun(id);
  const failure = useFailure(error);
  const live = liveOf(useLiveRuns(), id, data?.record.experiment?.id);
  const retry = () => void refetch();
  if (data === undefined) {
    return (
      <>
        <Head title={live?.name ?? 'Load test'} />
        {failure === undefined ? <PageSkeleton what="the result" /> : <PageFailure failure={failure} onRetry={retry} />}
      </>
    );
  }
  if (data.record.state === 'running') {
    const seconds = live?.seconds ?? data.seconds;
    return <RunningRun record={data.record} live={live} seconds={seconds} stale={failure} onRetry={retry} />;
  }
  return <EndedRun run={data} stale={failure && <StaleBanner failure={failure} onRetry={retry} />} />;
}
