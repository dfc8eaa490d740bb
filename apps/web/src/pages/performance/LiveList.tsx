import { type LiveRun, latencyText, numberText } from '@meshwise/performance';
import { Link } from '@tanstack/react-router';
import { formatTimer } from '../../logic/performance/figures.ts';
import { hasBegun, liveOf, progressOf, type ResultRow } from '../../logic/performance/result-rows.ts';
import { StateBadge } from './Badges.tsx';
import { Progress } from './Progress.tsx';

/** What runs now, above everything else, with how far it is. */
export function LiveList(props: { readonly live: readonly LiveRun[]; readonly rows: readonly ResultRow[] }) {
  const { live, rows } = props;
  const running = rows.filter((row) => row.state === 'running');
  // What has just begun is in the stream before it is in the list.
  const unknown = live.filter((run) => !running.some((row) => row.id === run.id));
  if (running.length + unknown.length === 0) return null;
  return (
    <section className="mw-section" aria-labelledby="live-title">
      <h2 id="live-title">Running now</h2>
      <ul className="mw-live-list">
        {unknown.map((run) => (
          <LiveItem
            key={run.id}
            kind={run.step === null ? 'run' : 'experiment'}
            id={run.id}
            name={run.name}
            live={run}
          />
        ))}
        {running.map((row) => (
          <LiveItem key={row.id} kind={row.kind} id={row.id} name={row.name} live={liveOf(live, row.id)} />
        ))}
      </ul>
    </section>
  );
}

function LiveItem(props: {
  readonly kind: ResultRow['kind'];
  readonly id: string;
  readonly name: string;
  readonly live: LiveRun | undefined;
}) {
  const { kind, id, name, live } = props;
  return (
    <li className="mw-live-item">
      <StateBadge state="running" />
      <Link
        className="mw-row-open mw-row-name"
        to={kind === 'run' ? '/performance/runs/$id' : '/performance/experiments/$id'}
        params={{ id }}
      >
        {name}
      </Link>
      {live === undefined ? (
        <span className="mw-dim">Waiting for the first figures</span>
      ) : (
        <>
          <span className="mw-dim">
            {live.step ?? live.phase}
            {hasBegun(live) && (
              <>
                {' · '}
                {numberText(live.achievedRps)}
                {live.requestedRps !== null && ` of ${numberText(live.requestedRps)}`} rps · p99{' '}
                {latencyText(live.response.p99Ms)} · {formatTimer(live.remainingMs)} left
              </>
            )}
          </span>
          <Progress value={progressOf(live)} label={`Progress of ${name}`} />
        </>
      )}
    </li>
  );
}
