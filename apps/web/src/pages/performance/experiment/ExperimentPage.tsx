import { formatDuration } from '@meshwise/load';
import type { ExperimentRecord } from '@meshwise/performance';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useLiveRuns } from '../../../data/performance-live.ts';
import { runQuery, useExperiment, useFailure } from '../../../data/performance-queries.ts';
import { formOfRun } from '../../../logic/performance/form-of-run.ts';
import { formToSearch } from '../../../logic/performance/form-url.ts';
import { EMPTY_FORM } from '../../../logic/performance/plan-form.ts';
import { liveOf } from '../../../logic/performance/result-rows.ts';
import { Icon } from '../../../ui/icons.tsx';
import { StateBadge } from '../Badges.tsx';
import { DeleteButton } from '../DeleteButton.tsx';
import { Downloads } from '../Downloads.tsx';
import { Head } from '../Head.tsx';
import { PageFailure, PageSkeleton, StaleBanner } from '../PageStates.tsx';
import { Panel } from '../Panel.tsx';
import { EnvironmentPanel } from '../run/EnvironmentPanel.tsx';
import { LiveFigures } from '../run/LiveFigures.tsx';
import { PlanPanel } from '../run/PlanPanel.tsx';
import { TargetLine } from '../run/TargetLine.tsx';
import { StopButton } from '../StopButton.tsx';
import { BlockList } from './BlockList.tsx';
import { OverheadPart } from './OverheadPart.tsx';

const route = getRouteApi('/performance/experiments/$id');

/** What the mesh costs: the same requests with and without sidecars. */
export function ExperimentPage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useExperiment(id);
  const failure = useFailure(error);
  const retry = () => void refetch();
  if (data === undefined) {
    return (
      <>
        <Head title="Cost of the mesh" />
        {failure === undefined ? <PageSkeleton what="the report" /> : <PageFailure failure={failure} onRetry={retry} />}
      </>
    );
  }
  return (
    <>
      <ExperimentHead record={data} />
      {failure !== undefined && <StaleBanner failure={failure} onRetry={retry} />}
      {data.note !== null && <p className="mw-perf-hint">{data.note}</p>}
      {data.state === 'running' && <LiveExperiment record={data} />}
      {data.report !== null && <OverheadPart report={data.report} />}
      <div className="mw-perf-grid">
        <Panel title="Blocks" wide note="In the order in which they ran. Each is a load test of its own.">
          <BlockList record={data} />
        </Panel>
        <PlanPanel words={data.words} />
        <EnvironmentPanel environment={data.environment} />
      </div>
      {data.report !== null && (
        <Panel title="Downloads">
          <Downloads kind="experiment" id={data.id} />
        </Panel>
      )}
    </>
  );
}

function ExperimentHead(props: { readonly record: ExperimentRecord }) {
  const { record } = props;
  const running = record.state === 'running';
  return (
    <Head
      title={record.name}
      badge={<StateBadge state={record.state} />}
      command={record.command}
      actions={
        running ? (
          <StopButton kind="experiment" id={record.id} />
        ) : (
          <>
            <AgainLink record={record} />
            <DeleteButton kind="experiment" id={record.id} name={record.name} />
          </>
        )
      }
    >
      <TargetLine target={record.target} startedAt={record.startedAt} />
    </Head>
  );
}

/** An experiment does not keep its load, but every block of it does. */
function AgainLink(props: { readonly record: ExperimentRecord }) {
  const { record } = props;
  const [first] = record.blocks;
  const { data } = useQuery({ ...runQuery(first?.runId ?? ''), enabled: first !== undefined });
  const form = {
    ...(data === undefined ? EMPTY_FORM : formOfRun(data.record)),
    target: record.target.text,
    from: EMPTY_FORM.from,
    name: record.name,
    compare: true,
    rounds: String(record.rounds),
    block: formatDuration(record.blockMs),
  };
  return (
    <Link className="mw-button" to="/performance/new" search={formToSearch(form)}>
      Run again
    </Link>
  );
}

function LiveExperiment(props: { readonly record: ExperimentRecord }) {
  const { record } = props;
  const live = liveOf(useLiveRuns(), record.id);
  return (
    <>
      <p className="mw-perf-hint">
        <Icon name="info" size={14} /> Closing this page does not stop the experiment. The report comes when all{' '}
        {record.rounds} rounds have run.
      </p>
      {live === undefined ? (
        <Panel title="Between two blocks">
          <p className="mw-dim">The next block is being prepared.</p>
        </Panel>
      ) : (
        <LiveFigures live={live} />
      )}
    </>
  );
}
