import { useElementSize } from '@mantine/hooks';
import type { ChartScene, ChartSize } from '@meshwise/performance';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import { ChartCursor } from './ChartCursor.tsx';
import { ChartDrawing } from './ChartDrawing.tsx';
import { ChartTwin } from './ChartTwin.tsx';

interface Props {
  /** Draws for the room there is; the same function as long as the data is the same. */
  readonly draw: (size: ChartSize) => ChartScene;
  readonly controls?: ReactNode;
  readonly wide?: boolean;
  /** Its sentence only repeats what the drawing says in words; it is read out all the same. */
  readonly sayLess?: boolean;
}

/** Before the first measurement; narrower than any window, so that nothing is pushed apart. */
const FIRST_WIDTH = 320;
/** Wider charts are not read better. */
const WIDEST = 1100;

/**
 * A picture with its title, the same figures as a table, and a cursor for pointers and keyboards. Whether tables are shown is
 * part of the address; one chart can be turned by itself.
 */
export function Chart(props: Props) {
  const { draw, controls, wide = false, sayLess = false } = props;
  const { ref, width } = useElementSize();
  const [search, update] = usePageSearch();
  const page = search.as === 'table';
  // Turned by itself: the other way than the page, until the page is turned.
  const [turned, setTurned] = useState<boolean | undefined>(undefined);
  const asTable = turned === undefined ? page : turned !== page;
  const id = useId();
  const drawn = Math.min(WIDEST, Math.floor(width) || FIRST_WIDTH);
  const scene = useMemo(() => draw({ width: drawn }), [draw, drawn]);
  const toggleAll = () => update({ as: page ? undefined : 'table' });
  return (
    <section className="mw-panel mw-perf-panel mw-chart-panel" aria-labelledby={id} data-wide={wide || undefined}>
      <div className="mw-chart-head">
        <h2 id={id}>{scene.title}</h2>
        <div className="mw-chart-controls">
          {controls}
          <button
            type="button"
            className="mw-toggle"
            aria-pressed={asTable}
            aria-keyshortcuts="T"
            aria-label={`${scene.title} as a table`}
            onClick={() => setTurned((before) => !(before ?? false))}
          >
            Table
          </button>
        </div>
      </div>
      {!sayLess && <p className="mw-perf-note">{scene.summary}</p>}
      <div ref={ref} className="mw-chart-room">
        {asTable ? (
          <ChartTwin scene={scene} />
        ) : (
          <ChartCursor scene={scene} onTable={toggleAll}>
            {(cursor) => <ChartDrawing scene={scene} labelledBy={id} cursorX={cursor} />}
          </ChartCursor>
        )}
      </div>
    </section>
  );
}
