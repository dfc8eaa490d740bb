import { latencyText, numberText } from '@meshwise/performance';
import { NOT_MEASURED } from '../../../logic/format.ts';

/** Whether what makes the load can be believed, in the four figures that show it first. */
export function GeneratorStrip(props: {
  readonly cores: number;
  readonly loopDelayMaxMs: number;
  readonly lagP99Ms: number | null;
  readonly backlog: number | undefined;
}) {
  const { cores, loopDelayMaxMs, lagP99Ms, backlog } = props;
  const figures = [
    { name: 'CPU', value: `${Number(cores.toFixed(2))} ${cores === 1 ? 'core' : 'cores'}` },
    { name: 'Event loop at most late by', value: latencyText(loopDelayMaxMs) },
    { name: 'Schedule lag p99', value: latencyText(lagP99Ms) },
    { name: 'Waiting to be sent', value: backlog === undefined ? NOT_MEASURED : numberText(backlog) },
  ].filter(({ value }) => value !== NOT_MEASURED);
  return (
    <dl className="mw-strip">
      {figures.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="mw-num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
