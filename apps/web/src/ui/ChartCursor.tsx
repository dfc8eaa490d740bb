import type { ChartScene } from '@meshwise/performance';
import { type PointerEvent, type ReactNode, useState } from 'react';
import { nearestIndex, rowWords } from '../logic/performance/chart-cursor.ts';

interface Props {
  readonly scene: ChartScene;
  /** `T`, which the page does not see while the cursor has the focus. */
  readonly onTable: () => void;
  readonly children: (cursorX: number | undefined) => ReactNode;
}

/**
 * Reads values off a chart. The pointer chooses the nearest row; for keyboards and screen readers there is a range control, which
 * has the arrow keys, Home and End by itself and says the row it stands on.
 */
export function ChartCursor(props: Props) {
  const { scene, onTable, children } = props;
  const { rowX, rows } = scene.table;
  const [at, setAt] = useState<number | undefined>(undefined);
  if (rowX === undefined || rowX.length === 0) return <div className="mw-chart-hold">{children(undefined)}</div>;
  const index = at === undefined ? undefined : Math.min(at, rowX.length - 1);
  const follow = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(nearestIndex(rowX, ((event.clientX - box.left) * scene.width) / box.width));
  };
  return (
    <div className="mw-chart-hold">
      <div className="mw-chart-pointer" onPointerMove={follow} onPointerLeave={() => setAt(undefined)}>
        {children(index === undefined ? undefined : rowX[index])}
      </div>
      <p className="mw-chart-reading" aria-hidden="true">
        {index === undefined ? '' : rowWords(scene.table, index)}
      </p>
      <input
        type="range"
        className="mw-chart-range"
        aria-label={`${scene.title}: read values`}
        min={0}
        max={rows.length - 1}
        value={index ?? 0}
        aria-valuetext={rowWords(scene.table, index ?? 0)}
        onFocus={() => setAt((before) => before ?? 0)}
        onBlur={() => setAt(undefined)}
        onChange={(event) => setAt(Number(event.target.value))}
        onKeyDown={(event) => {
          if (event.key === 't' || event.key === 'T') onTable();
        }}
      />
    </div>
  );
}
