import { Link } from '@tanstack/react-router';
import type { ResultRow } from '../../logic/performance/result-rows.ts';
import { compareHint, LEAST_COMPARED } from '../../logic/performance/selection.ts';

/** What is selected and where it leads. Always there, so that nothing jumps when the first box is ticked. */
export function CompareBar(props: {
  readonly ids: readonly string[];
  readonly rows: readonly ResultRow[];
  readonly onClear: () => void;
}) {
  const { ids, rows, onClear } = props;
  const hint = compareHint(ids.length);
  const baseline = rows.find((row) => row.id === ids[0]);
  return (
    <div className="mw-compare-bar" data-active={ids.length > 0 || undefined}>
      <span role="status">
        {ids.length > 0 && (
          <strong>
            {ids.length} selected
            {baseline !== undefined && ids.length > 1 && <>, baseline {baseline.name}</>}
          </strong>
        )}{' '}
        <span className="mw-dim">{hint}</span>
      </span>
      {ids.length >= LEAST_COMPARED && (
        <Link className="mw-button" to="/performance/compare" search={{ ids }}>
          Compare {ids.length}
        </Link>
      )}
      {ids.length > 0 && (
        <button type="button" className="mw-quiet" onClick={onClear}>
          Clear
        </button>
      )}
    </div>
  );
}
