import { type ExperimentRecord, VARIANT_TITLES } from '@meshwise/performance';
import { Link } from '@tanstack/react-router';

export function BlockList(props: { readonly record: ExperimentRecord }) {
  const { record } = props;
  const { blocks } = record;
  if (blocks.length === 0)
    return (
      <p className="mw-dim">{record.state === 'running' ? 'None has begun yet.' : 'It ended before the first.'}</p>
    );
  return (
    <ol className="mw-blocks">
      {blocks.map(({ round, variant, runId }) => (
        <li key={runId} data-variant={variant}>
          <Link to="/performance/runs/$id" params={{ id: runId }}>
            {VARIANT_TITLES[variant]}
          </Link>
          <span className="mw-dim">round {round}</span>
        </li>
      ))}
    </ol>
  );
}
