import { type ExperimentRecord, VARIANT_TITLES } from '@meshwise/performance';
import { Link } from '@tanstack/react-router';

export function BlockList(props: { readonly record: ExperimentRecord }) {
  const { blocks } = props.record;
  if (blocks.length === 0) return <p className="mw-dim">None has begun yet.</p>;
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
