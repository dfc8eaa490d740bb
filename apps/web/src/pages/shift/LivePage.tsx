import { getRouteApi } from '@tanstack/react-router';
import { useFailure } from '../../data/performance-queries.ts';
import { useShift } from '../../data/shift-queries.ts';
import { getCommand } from '../../logic/cli.ts';
import { isOver, reasonOf } from '../../logic/shift/words.ts';
import { ErrorState } from '../../ui/States.tsx';
import { RelativeTime } from '../../ui/Time.tsx';
import { PageSkeleton, StaleBanner } from '../performance/PageStates.tsx';
import { Panel } from '../performance/Panel.tsx';
import { GateTable } from './GateTable.tsx';
import { LiveVersions } from './LiveVersions.tsx';
import { PhaseBadge } from './PhaseBadge.tsx';
import { ShiftButtons } from './ShiftButtons.tsx';
import { ShiftCharts } from './ShiftCharts.tsx';
import { ShiftHead } from './ShiftHead.tsx';
import { ShiftLog } from './ShiftLog.tsx';
import { StepRail } from './StepRail.tsx';
import { StepsNav } from './StepsNav.tsx';
import './shift.css';
import './live.css';

const route = getRouteApi('/shifts/live/$namespace/$name');

/** A shift while it goes on, and what became of it afterwards, under the same address. */
export function LivePage() {
  const { namespace, name } = route.useParams();
  const { data, error, refetch } = useShift(namespace, name);
  const failure = useFailure(error);
  const retry = () => void refetch();
  if (data === undefined) {
    return (
      <>
        <ShiftHead title={name} />
        {failure === undefined ? <PageSkeleton what="the shift" /> : <ErrorState failure={failure} onRetry={retry} />}
      </>
    );
  }
  const { shift, points } = data;
  const over = isOver(shift);
  return (
    <>
      <ShiftHead
        title={name}
        badge={<PhaseBadge phase={shift.phase} />}
        command={getCommand('trafficshift', namespace, name)}
        actions={<ShiftButtons shift={shift} />}
      >
        VirtualService {namespace}/{shift.spec.targetRef.name}
        {shift.field !== null && (
          <>
            , <code>{shift.field}</code>
          </>
        )}
        {' · '}
        {over ? (
          <>
            over <RelativeTime at={shift.endedAt} missing="at a time not known" />
          </>
        ) : (
          <>
            begun <RelativeTime at={shift.startedAt} missing="not yet" />
          </>
        )}
      </ShiftHead>
      <StepsNav current="live" reachable={false} />
      {failure !== undefined && <StaleBanner failure={failure} onRetry={retry} />}
      <p className="mw-sr" role="status">
        {shift.log.at(-1)?.message}
      </p>
      <p className="mw-shift-now">{reasonOf(shift)}</p>
      <StepRail shift={shift} />
      <LiveVersions shift={shift} />
      {!over && (
        <Panel
          title="Gate of this step"
          note="Measured by Envoy at the callers' proxies, from two seconds after the weights were set. Latencies are whole milliseconds, upper ends of buckets a tenth wide."
        >
          <GateTable shift={shift} />
        </Panel>
      )}
      <ShiftCharts shift={shift} points={points} />
      <ShiftLog shift={shift} />
    </>
  );
}
