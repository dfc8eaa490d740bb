import type { RunResponse } from '@meshwise/api';
import { runVerdict, VARIANT_TITLES } from '@meshwise/performance';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatTimer } from '../../../logic/performance/figures.ts';
import { formOfRun } from '../../../logic/performance/form-of-run.ts';
import { formToSearch } from '../../../logic/performance/form-url.ts';
import { TONE_HEALTH } from '../../../logic/performance/words.ts';
import { StateBadge, ToneBadge } from '../Badges.tsx';
import { DeleteButton } from '../DeleteButton.tsx';
import { Downloads } from '../Downloads.tsx';
import { Head } from '../Head.tsx';
import { Panel } from '../Panel.tsx';
import { EnvironmentPanel } from './EnvironmentPanel.tsx';
import { ErrorTable } from './ErrorTable.tsx';
import { GeneratorStrip } from './GeneratorStrip.tsx';
import { LatencyCharts } from './LatencyCharts.tsx';
import { PlanPanel } from './PlanPanel.tsx';
import { ResultTiles } from './ResultTiles.tsx';
import { SecondsCharts } from './SecondsCharts.tsx';
import { TargetLine } from './TargetLine.tsx';
import { TimesTable } from './TimesTable.tsx';
import { TrustPanel } from './TrustPanel.tsx';
import { UseTable } from './UseTable.tsx';

export function EndedRun(props: { readonly run: RunResponse; readonly stale: ReactNode }) {
  const { record, seconds } = props.run;
  const { summary } = record;
  const verdict = runVerdict(record);
  const tone = TONE_HEALTH[verdict.tone];
  const actions = (
    <>
      <Link className="mw-button" to="/performance/new" search={formToSearch(formOfRun(record))}>
        Run again
      </Link>
      {summary !== null && (
        <Link className="mw-quiet" to="/performance" search={{ ids: [record.id] }}>
          Compare with…
        </Link>
      )}
      <DeleteButton kind="run" id={record.id} name={record.name} />
    </>
  );
  return (
    <>
      <Head title={record.name} badge={<StateBadge state={record.state} />} actions={actions} command={record.command}>
        <TargetLine target={record.target} startedAt={record.startedAt} />
        {record.experiment !== null && (
          <p>
            Round {record.experiment.round}, {VARIANT_TITLES[record.experiment.variant].toLowerCase()}, of{' '}
            <Link to="/performance/experiments/$id" params={{ id: record.experiment.id }}>
              an experiment
            </Link>
          </p>
        )}
      </Head>
      {props.stale}
      <section className="mw-verdict" data-tone={tone} aria-label="Verdict">
        <ToneBadge badge={{ label: verdict.word, tone }} size={18} />
        <p>{verdict.text}</p>
        {record.note !== null && !verdict.text.includes(record.note) && <p className="mw-dim">{record.note}</p>}
        {summary !== null && summary.measuredMs < 0.98 * summary.plannedMs && (
          <p className="mw-dim">
            Ended after {formatTimer(summary.measuredMs)} of {formatTimer(summary.plannedMs)}; the figures are those of
            the time that was measured.
          </p>
        )}
      </section>
      {summary === null ? (
        <div className="mw-perf-grid">
          <PlanPanel words={record.words} />
          <EnvironmentPanel environment={record.environment} />
        </div>
      ) : (
        <>
          <TrustPanel trust={summary.trust} />
          <ResultTiles summary={summary} />
          <div className="mw-perf-grid">
            <Panel title="Three times of each request" wide>
              <TimesTable summary={summary} />
            </Panel>
            <LatencyCharts run={props.run} />
            <SecondsCharts seconds={seconds} />
            <Panel title="Errors" wide>
              {summary.errors.length === 0 ? (
                <p className="mw-dim">None: every answer was a good one.</p>
              ) : (
                <ErrorTable errors={summary.errors} />
              )}
            </Panel>
            <Panel title="Resource use" wide note="While it was measured, the warm-up left out. 1,000 m is one core.">
              <UseTable use={record.use} />
            </Panel>
            <Panel title="Generator" wide>
              <GeneratorStrip
                cores={summary.generator.cores}
                loopDelayMaxMs={summary.generator.loopDelayMaxMs}
                lagP99Ms={summary.lag.p99Ms}
                backlog={undefined}
              />
            </Panel>
            <PlanPanel words={record.words} />
            <EnvironmentPanel environment={record.environment} />
          </div>
          <Panel title="Downloads">
            <Downloads kind="run" id={record.id} />
          </Panel>
        </>
      )}
    </>
  );
}
