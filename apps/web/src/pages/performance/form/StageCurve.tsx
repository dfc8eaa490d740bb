import { numberText } from '@meshwise/performance';
import type { LoadCurve } from '../../../logic/performance/curve.ts';
import { formatTimer } from '../../../logic/performance/figures.ts';

const WIDTH = 300;
const HEIGHT = 72;

/** The asked rate over time, as a small picture beside the words. */
export function StageCurve(props: { readonly curve: LoadCurve }) {
  const { points, highestRps, totalMs, summary } = props.curve;
  const line = points.map(([x, y]) => `${(x * WIDTH).toFixed(1)},${(HEIGHT - y * (HEIGHT - 4)).toFixed(1)}`).join(' ');
  return (
    <figure className="mw-curve">
      <svg role="img" aria-label={summary} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
        <polygon points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />
        <polyline points={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption aria-hidden="true">
        <span>{numberText(highestRps)} rps</span>
        <span>{formatTimer(totalMs)}</span>
      </figcaption>
    </figure>
  );
}
