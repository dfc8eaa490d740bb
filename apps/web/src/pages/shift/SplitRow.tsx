import type { ShiftTargetVersion } from '@meshwise/api';
import { useId } from 'react';
import { formatLatency, formatPercent, formatRate } from '../../logic/format.ts';
import { Figure } from '../../ui/Figure.tsx';
import { NOBODY_CALLS, withUnit } from './VersionTable.tsx';

interface Props {
  readonly version: ShiftTargetVersion;
  readonly now: number;
  readonly weight: number;
  readonly locked: boolean;
  readonly onWeight: (weight: number) => void;
  readonly onLock: (locked: boolean) => void;
}

/** A version with its bar, its number and its lock, beside what it does now: a choice with the facts next to it. */
export function SplitRow(props: Props) {
  const { version, now, weight, locked, onWeight, onLock } = props;
  const { name, traffic, podsReady } = version;
  const id = useId();
  return (
    <fieldset className="mw-split-row">
      <legend>
        <strong>{name}</strong>{' '}
        <span className="mw-row-context">
          now {formatPercent(now)}
          {version.weight === null ? '' : `, weight ${version.weight}`}
          {podsReady === null ? '' : `, ${podsReady} ${podsReady === 1 ? 'pod' : 'pods'} ready`}
        </span>
      </legend>
      <div className="mw-split-controls">
        <input
          type="range"
          min={0}
          max={100}
          step={1}
          value={weight}
          disabled={locked}
          aria-label={`${name}, percent of the requests`}
          onChange={(event) => onWeight(Number(event.target.value))}
        />
        <span className="mw-input mw-split-number">
          <input
            type="number"
            id={`${id}-number`}
            min={0}
            max={100}
            step={1}
            value={weight}
            disabled={locked}
            aria-label={`${name}, percent`}
            onChange={(event) => onWeight(Number(event.target.value))}
          />
          <span className="mw-unit">%</span>
        </span>
        <label className="mw-split-lock">
          <input
            type="checkbox"
            className="mw-check"
            checked={locked}
            onChange={(event) => onLock(event.target.checked)}
          />
          Lock<span className="mw-sr"> {name}</span>
        </label>
      </div>
      <dl className="mw-split-figures">
        <div>
          <dt>Requests</dt>
          <dd>
            <Figure text={withUnit(formatRate(traffic.requestsPerSecond))} missing={NOBODY_CALLS} />
          </dd>
        </div>
        <div>
          <dt>Errors</dt>
          <dd>
            <Figure
              text={formatPercent(traffic.errorPercent)}
              missing={NOBODY_CALLS}
              alarming={(traffic.errorPercent ?? 0) >= 1}
            />
          </dd>
        </div>
        <div>
          <dt>p99</dt>
          <dd>
            <Figure text={formatLatency(traffic.latencyP99Ms)} missing={NOBODY_CALLS} />
          </dd>
        </div>
      </dl>
    </fieldset>
  );
}
