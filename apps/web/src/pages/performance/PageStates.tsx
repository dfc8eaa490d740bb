import { Skeleton } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { Failure } from '../../logic/failure.ts';
import { NO_SUCH_RESULT } from '../../logic/performance/words.ts';
import { HealthIcon } from '../../ui/icons.tsx';
import { ErrorState, WithCode } from '../../ui/States.tsx';

const LINES = [78, 62, 88, 70, 55];

export function PageSkeleton(props: { readonly what: string }) {
  const animate = !useReducedMotion();
  return (
    <div className="mw-loading" aria-busy="true">
      <p className="mw-sr" role="status">
        Loading {props.what}
      </p>
      <Skeleton animate={animate} height={84} radius="md" />
      <div className="mw-loading-table">
        {LINES.map((width) => (
          <Skeleton key={width} animate={animate} height={14} width={`${width}%`} radius="sm" />
        ))}
      </div>
    </div>
  );
}

/** Nothing to show at all. What is not there is told apart from what could not be asked. */
export function PageFailure(props: { readonly failure: Failure; readonly onRetry: () => void }) {
  const { failure, onRetry } = props;
  if (failure.code !== NO_SUCH_RESULT) return <ErrorState failure={failure} onRetry={onRetry} />;
  return (
    <section className="mw-state mw-empty" aria-label="No such result">
      <h2>No such result</h2>
      <p>{failure.message}. It may have been deleted.</p>
      <Link className="mw-button" to="/performance">
        See all results
      </Link>
    </section>
  );
}

/** What is shown is from before; asking again did not work. */
export function StaleBanner(props: { readonly failure: Failure; readonly onRetry: () => void }) {
  const { failure, onRetry } = props;
  return (
    <div className="mw-banner mw-perf-stale" data-tone="degraded" role="status">
      <HealthIcon health="degraded" />
      <span>
        {failure.message}
        {failure.code !== undefined && ` (${failure.code})`}. What is shown was read before.{' '}
        <WithCode text={failure.advice} />
      </span>
      <button type="button" className="mw-quiet" onClick={onRetry}>
        Retry
      </button>
    </div>
  );
}
