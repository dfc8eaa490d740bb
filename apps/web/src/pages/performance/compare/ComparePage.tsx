import type { RunResponse } from '@meshwise/api';
import type { Comparison } from '@meshwise/performance';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useComparison, useFailure, useRuns } from '../../../data/performance-queries.ts';
import { shellWord } from '../../../logic/cli.ts';
import type { Failure } from '../../../logic/failure.ts';
import { LEAST_COMPARED } from '../../../logic/performance/selection.ts';
import { NOT_COMPARABLE } from '../../../logic/performance/words.ts';
import { HealthIcon } from '../../../ui/icons.tsx';
import { WithCode } from '../../../ui/States.tsx';
import { Head } from '../Head.tsx';
import { PageFailure, PageSkeleton, StaleBanner } from '../PageStates.tsx';
import { Panel } from '../Panel.tsx';
import { ComparedCharts } from './ComparedCharts.tsx';
import { ComparedRuns } from './ComparedRuns.tsx';
import { DifferenceTable } from './DifferenceTable.tsx';
import { MetricTable } from './MetricTable.tsx';

const route = getRouteApi('/performance/compare');

/** Two to five runs side by side, the baseline first. */
export function ComparePage() {
  const { ids = [] } = route.useSearch();
  const enough = ids.length >= LEAST_COMPARED;
  return (
    <>
      <Head title="Compare" command={enough ? `meshwise perf compare ${ids.map(shellWord).join(' ')}` : undefined}>
        The first is the baseline; a difference that its interval does not set apart from nothing is within noise.
      </Head>
      {enough ? <Compared ids={ids} /> : <TooFew ids={ids} />}
    </>
  );
}

function TooFew(props: { readonly ids: readonly string[] }) {
  return (
    <section className="mw-state mw-empty" aria-label="Choose results to compare">
      <h2>Choose results to compare</h2>
      <p>
        A figure alone says little. Select two to five results in the list: the first is what the others are held
        against.
      </p>
      <Link className="mw-button" to="/performance" search={props.ids.length === 0 ? {} : { ids: props.ids }}>
        Select results
      </Link>
    </section>
  );
}

/** The daemon works out the figures; the histograms of the runs are drawn when they have come as well. */
function Compared(props: { readonly ids: readonly string[] }) {
  const { ids } = props;
  const { data, error, isPlaceholderData, refetch } = useComparison(ids);
  const { runs, error: runError, refetches } = useRuns(ids);
  const failure = useFailure(error ?? runError);
  const retry = () => {
    for (const ask of [refetch, ...refetches]) void ask();
  };
  if (data === undefined) {
    if (failure === undefined) return <PageSkeleton what="the comparison" />;
    return failure.code === NOT_COMPARABLE ? (
      <NotComparable failure={failure} ids={ids} />
    ) : (
      <PageFailure failure={failure} onRetry={retry} />
    );
  }
  return (
    <>
      {failure !== undefined && <StaleBanner failure={failure} onRetry={retry} />}
      <div aria-busy={isPlaceholderData}>
        <Result comparison={data} ids={ids} runs={runs} />
      </div>
    </>
  );
}

function NotComparable(props: { readonly failure: Failure; readonly ids: readonly string[] }) {
  const { failure, ids } = props;
  return (
    <section className="mw-state mw-empty" aria-label="These cannot be compared">
      <h2>These cannot be compared</h2>
      <p>
        {failure.message}. <WithCode text={failure.advice} />
      </p>
      <Link className="mw-button" to="/performance" search={{ ids }}>
        Select others
      </Link>
    </section>
  );
}

function Result(props: {
  readonly comparison: Comparison;
  readonly ids: readonly string[];
  readonly runs: readonly RunResponse[];
}) {
  const { comparison, ids, runs } = props;
  return (
    <>
      <ComparedRuns runs={comparison.runs} ids={ids} />
      {comparison.warnings.length > 0 && (
        <section className="mw-note mw-warnings" data-tone="degraded" aria-label="Warnings">
          <HealthIcon health="degraded" />
          <ul className="mw-words">
            {comparison.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </section>
      )}
      <div className="mw-perf-grid">
        <Panel title="What differs" wide>
          <DifferenceTable comparison={comparison} />
        </Panel>
        <Panel title="Figures" wide note="Each with what it has more than the baseline.">
          <MetricTable comparison={comparison} />
        </Panel>
        {runs.length > 0 && <ComparedCharts runs={runs} />}
      </div>
    </>
  );
}
