import type { Comparison } from '@meshwise/performance';
import { Link } from '@tanstack/react-router';
import { withBaseline } from '../../../logic/performance/selection.ts';
import { RelativeTime } from '../../../ui/Time.tsx';
import { StateBadge, TrustBadge } from '../Badges.tsx';

/** Which results these are, in the order of the address, with the way to make another one the baseline. */
export function ComparedRuns(props: { readonly runs: Comparison['runs']; readonly ids: readonly string[] }) {
  const { runs, ids } = props;
  return (
    <ol className="mw-compared" aria-label="Compared results">
      {runs.map((run, index) => (
        <li key={run.id} className="mw-panel" data-series={index}>
          <span className="mw-compared-rank">{index === 0 ? 'Baseline' : `Run ${index + 1}`}</span>
          <Link className="mw-row-name" to="/performance/runs/$id" params={{ id: run.id }}>
            {run.name}
          </Link>
          <code className="mw-dim">{run.target}</code>
          <span className="mw-compared-facts">
            <StateBadge state={run.state} />
            <TrustBadge verdict={run.trust} />
            <RelativeTime at={run.startedAt} missing="unknown" />
          </span>
          {index > 0 && (
            <Link className="mw-quiet" to="/performance/compare" search={{ ids: withBaseline(ids, run.id) }}>
              Make it the baseline
            </Link>
          )}
        </li>
      ))}
    </ol>
  );
}
