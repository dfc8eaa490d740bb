import { type LiveRun, latencyText, numberText, percentText } from '@meshwise/performance';
import { formatTimer, successPercent } from '../../../logic/performance/figures.ts';
import { hasBegun, progressOf } from '../../../logic/performance/result-rows.ts';
import { Tiles } from '../Panel.tsx';
import { Progress } from '../Progress.tsx';

const PHASE = {
  preparing: 'Preparing',
  'warming up': 'Warming up; not in the result',
  measuring: 'Measuring',
  ending: 'Ending',
} as const;

function askedText(requestedRps: number | null): string {
  return requestedRps === null ? 'rps, as fast as answered' : `of ${numberText(requestedRps)} rps asked`;
}

/** What there is so far of the run, or of the block of an experiment, that goes on. */
export function LiveFigures(props: { readonly live: LiveRun }) {
  const { live } = props;
  const success = successPercent(live);
  const begun = hasBegun(live);
  const { response } = live;
  return (
    <section aria-label="Figures so far">
      <div className="mw-live-progress">
        <p className="mw-live-step">
          {live.step ?? PHASE[live.phase]} ·{' '}
          {begun ? (
            <>
              <span className="mw-num">{formatTimer(live.elapsedMs)}</span> gone,{' '}
              <span className="mw-num">{formatTimer(live.remainingMs)}</span> left
            </>
          ) : (
            'getting ready'
          )}
        </p>
        <Progress value={progressOf(live)} label="Progress" />
      </div>
      <Tiles
        label="Figures so far"
        tiles={[
          {
            name: 'Achieved',
            rank: 'main',
            value: numberText(begun ? live.achievedRps : null),
            note: begun ? askedText(live.requestedRps) : 'nothing was sent yet',
          },
          {
            name: 'Success',
            rank: 'main',
            value: percentText(success),
            note: `${numberText(live.completed)} good, ${numberText(live.failed)} failed`,
            alarming: success !== null && success < 99,
          },
          { name: 'p50', value: latencyText(response.p50Ms), note: 'response' },
          { name: 'p90', value: latencyText(response.p90Ms), note: 'response' },
          { name: 'p99', value: latencyText(response.p99Ms), note: 'response' },
          { name: 'p99.9', value: latencyText(response.p999Ms), note: 'response' },
          {
            name: 'In flight',
            value: numberText(live.inFlight),
            note: live.dropped === 0 ? 'none dropped' : `${numberText(live.dropped)} dropped`,
            alarming: live.dropped > 0,
          },
        ]}
      />
    </section>
  );
}
