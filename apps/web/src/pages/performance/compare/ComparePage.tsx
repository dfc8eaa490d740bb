import type { RunToCompare } from '@meshwise/performance';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useFailure, useWholeRuns } from '../../../data/performance-queries.ts';
import { shellWord } from '../../../logic/cli.ts';
import { comparedRuns } from '../../../logic/performance/compared.ts';
import { LEAST_COMPARED } from '../../../logic/performance/selection.ts';
import { HealthIcon } from '../../../ui/icons.tsx';
import { WithCode } from '../../../ui/States.tsx';
import { Head } from '../Head.tsx';
import { PageFailure, PageSkeleton } from '../PageStates.tsx';
import { Panel } from '../Panel.tsx';
import { ComparedCharts } from './ComparedCharts.tsx';
import { ComparedRuns } from './ComparedRuns.tsx';
import { DifferenceTable } from './DifferenceTable.tsx';
import { MetricTable } from './MetricTable.tsx';

const route = getRouteApi('/performance/compare');

/** Two to five runs side by side, the baseline first. */
export function ComparePage() {
  const { ids = [] } = route.useSearch();
  const queries = useWholeRuns(ids);
  const error = queries.find((query) => query.error !== null)?.error ?? null;
  const failure = useFailure(error);
  const runs = queries.flatMap((query) => (query.data === undefined ? [] : [query.data]));
  const command = `meshwise perf compare ${ids.map(shellWord).join(' ')}`;
  return (
    <>
      <Head title="Compare" command={ids.length < LEAST_COMPARED ? undefined : command}>
        The first is the baseline; a difference that its interval does not set apart from nothing is within noise.
      </Head>
      {ids.length < LEAST_COMPARED ? (
        <TooFew ids={ids} />
      ) : failure !== undefined ? (
        <PageFailure failure={failure} onRetry={() => queries.forEach((query) => void query.refetch())} />
      ) : runs.length < ids.length ? (
        <PageSkeleton what="the results" />
      ) : (
        <Result runs={runs} ids={ids} />
      )}
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

function Result(props: { readonly runs: readonly RunToCompare[]; readonly ids: readonly string[] }) {
  const { runs, ids } = props;
  // Bootstrapping takes a moment; the runs do not change while the page is open.
  const key = ids.join(',');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids stand for the runs
  const compared = useMemo(() => comparedRuns(runs), [key]);
  if ('failure' in compared) {
    return (
      <section className="mw-state mw-empty" aria-label="These cannot be compared">
        <h2>These cannot be compared</h2>
        <p>
          {compared.failure.message}. <WithCode text={compared.failure.advice} />
        </p>
        <Link className="mw-button" to="/performance" search={{ ids }}>
          Select others
        </Link>
      </section>
    );
  }
  const { comparison } = compared;
  return (
    <>
      <ComparedRuns runs={comparison.runs} ids={ids} />
      {comparison.warnings.length > 0 && (
        <ul className="mw-warnings" aria-label="Warnings">
          {comparison.warnings.map((warning) => (
            <li key={warning} className="mw-note" data-tone="degraded">
              <HealthIcon health="degraded" />
              <p>{warning}</p>
            </li>
          ))}
        </ul>
      )}
      <div className="mw-perf-grid">
        <Panel title="What differs" wide>
          <DifferenceTable comparison={comparison} />
        </Panel>
        <Panel title="Figures" wide note="Each with what it has more than the baseline.">
          <MetricTable comparison={comparison} />
        </Panel>
        <ComparedCharts runs={runs} />
      </div>
    </>
  );
}
