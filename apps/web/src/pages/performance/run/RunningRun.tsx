import type { SecondView } from '@meshwise/load';
import type { LiveRun, RunRecord } from '@meshwise/performance';
import type { Failure } from '../../../logic/failure.ts';
import { Icon } from '../../../ui/icons.tsx';
import { StateBadge } from '../Badges.tsx';
import { Head } from '../Head.tsx';
import { StaleBanner } from '../PageStates.tsx';
import { Panel } from '../Panel.tsx';
import { StopButton } from '../StopButton.tsx';
import { ErrorTable } from './ErrorTable.tsx';
import { GeneratorStrip } from './GeneratorStrip.tsx';
import { LiveFigures } from './LiveFigures.tsx';
import { PlanPanel } from './PlanPanel.tsx';
import { SecondsCharts } from './SecondsCharts.tsx';
import { TargetLine } from './TargetLine.tsx';

interface Props {
  readonly record: RunRecord;
  readonly live: LiveRun | undefined;
  readonly seconds: readonly SecondView[];
  readonly stale: Failure | undefined;
  readonly onRetry: () => void;
}

export function RunningRun(props: Props) {
  const { record, live, seconds, stale, onRetry } = props;
  return (
    <>
      <Head
        title={record.name}
        badge={<StateBadge state="running" />}
        command={record.command}
        actions={<StopButton kind="run" id={record.id} />}
      >
        <TargetLine target={record.target} startedAt={record.startedAt} />
      </Head>
      {stale !== undefined && <StaleBanner failure={stale} onRetry={onRetry} />}
      <p className="mw-perf-hint">
        <Icon name="info" size={14} /> Closing this page does not stop the run.
      </p>
      {live === undefined ? (
        <Panel title="Preparing">
          <p className="mw-dim">
            Workers start and connections are opened. The first figures come with the first second.
          </p>
        </Panel>
      ) : (
        <LiveFigures live={live} />
      )}
      <div className="mw-perf-grid">
        <SecondsCharts seconds={seconds} />
        {live !== undefined && live.errors.length > 0 && (
          <Panel title="Errors" wide>
            <ErrorTable errors={live.errors} />
          </Panel>
        )}
        {live !== undefined && (
          <Panel title="Generator" note="A generator that is late measures itself. These have to stay small.">
            <GeneratorStrip
              cores={live.generatorCores}
              loopDelayMaxMs={live.loopDelayMaxMs}
              lagP99Ms={live.lag.p99Ms}
              backlog={live.backlog}
            />
          </Panel>
        )}
        <PlanPanel words={record.words} />
      </div>
    </>
  );
}
