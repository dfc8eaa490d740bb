import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { usePageSearch } from '../../data/page-search.ts';
import { useLiveRuns } from '../../data/performance-live.ts';
import { experimentsQuery, runsQuery, useFailure } from '../../data/performance-queries.ts';
import { shellWord } from '../../logic/cli.ts';
import { plural } from '../../logic/format.ts';
import { resultRows } from '../../logic/performance/result-rows.ts';
import { type IdsSearch, toggleId } from '../../logic/performance/selection.ts';
import { NothingMatches } from '../../ui/States.tsx';
import { CompareBar } from './CompareBar.tsx';
import { FirstRun } from './FirstRun.tsx';
import { Head } from './Head.tsx';
import { LiveList } from './LiveList.tsx';
import { PageFailure, PageSkeleton, StaleBanner } from './PageStates.tsx';
import { ResultList } from './ResultList.tsx';

const route = getRouteApi('/performance');
const TYPING_MS = 200;

export function ListPage() {
  const [search, update] = usePageSearch();
  const [asked] = useDebouncedValue(search.q, TYPING_MS);
  const runs = useInfiniteQuery(runsQuery(asked));
  const experiments = useInfiniteQuery(experimentsQuery(asked));
  const failure = useFailure(runs.error ?? experiments.error);
  const { ids, select } = useSelection();
  const live = useLiveRuns();
  const retry = () => {
    void runs.refetch();
    void experiments.refetch();
  };
  const known = runs.data !== undefined && experiments.data !== undefined;
  const rows = resultRows(
    runs.data?.pages.flatMap((page) => page.items) ?? [],
    experiments.data?.pages.flatMap((page) => page.items) ?? [],
  );
  const more = runs.hasNextPage || experiments.hasNextPage;
  const command = asked === undefined ? 'meshwise perf list' : `meshwise perf list --search ${shellWord(asked)}`;
  return (
    <>
      <Head
        title="Performance"
        crumb={false}
        command={command}
        actions={
          <Link className="mw-button" to="/performance/new">
            New load test
          </Link>
        }
      >
        {known && rows.length > 0 && `${plural(rows.length, 'result')}${more ? ' shown, there are more' : ''}`}
      </Head>
      {failure !== undefined && known && <StaleBanner failure={failure} onRetry={retry} />}
      <LiveList live={live} rows={rows} />
      {!known ? (
        failure === undefined ? (
          <PageSkeleton what="results" />
        ) : (
          <PageFailure failure={failure} onRetry={retry} />
        )
      ) : rows.length === 0 && live.length === 0 ? (
        asked === undefined ? (
          <FirstRun />
        ) : (
          <NothingMatches what="results" onClear={() => update({ q: undefined })} />
        )
      ) : (
        <>
          <CompareBar ids={ids} rows={rows} onClear={() => select([])} />
          <ResultList
            rows={rows.filter((row) => row.state !== 'running')}
            ids={ids}
            onToggle={(id) => select(toggleId(ids, id))}
          />
          {more && (
            <p className="mw-rest">
              <button
                type="button"
                className="mw-toggle"
                disabled={runs.isFetchingNextPage || experiments.isFetchingNextPage}
                onClick={() => {
                  if (runs.hasNextPage) void runs.fetchNextPage();
                  if (experiments.hasNextPage) void experiments.fetchNextPage();
                }}
              >
                Show more
              </button>
            </p>
          )}
        </>
      )}
    </>
  );
}

function useSelection() {
  const { ids = [] } = route.useSearch();
  const navigate = useNavigate();
  const select = (next: readonly string[]) =>
    void navigate({
      to: '/performance',
      search: ({ ids: _before, ...rest }: IdsSearch) => (next.length === 0 ? rest : { ...rest, ids: next }),
      replace: true,
      resetScroll: false,
    });
  return { ids, select };
}
