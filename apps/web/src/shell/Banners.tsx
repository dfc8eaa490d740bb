import { useLive, useNow } from '../data/status-context.tsx';
import { HealthIcon, Icon } from '../ui/icons.tsx';
import { WithCode } from '../ui/States.tsx';

const STATE_TEXT = {
  starting: 'The daemon is starting; what is shown is not complete yet.',
  degraded: 'The daemon runs degraded: part of it does not work.',
  stopping: 'The daemon is stopping.',
} as const;

/** What holds for the whole page: old numbers, a daemon that is not well, a capture that can be gone round. */
export function Banners() {
  const { status, failure } = useLive();
  const { freshness } = useNow();
  if (status === undefined) return null;
  const { state, mesh } = status;
  return (
    <div className="mw-banners">
      {(freshness.tone === 'reconnecting' || freshness.tone === 'late') && (
        <p className="mw-banner" data-tone="degraded">
          <HealthIcon health="degraded" />
          <span>
            {failure?.kind === 'refused' ? (
              <>
                The daemon answers with an error: {failure.message}
                {failure.code !== undefined && ` (${failure.code})`}. <WithCode text={failure.advice} />
              </>
            ) : (
              `${freshness.detail}.`
            )}{' '}
            The numbers below are the last ones known.
          </span>
        </p>
      )}
      {state !== 'ready' && (
        <p className="mw-banner" data-tone="degraded">
          <HealthIcon health="degraded" />
          <span>{STATE_TEXT[state]}</span>
        </p>
      )}
      {mesh.notes.map((note) => (
        <p key={note} className="mw-banner" data-tone="info">
          <Icon name="info" />
          <span>
            <WithCode text={note} />
          </span>
        </p>
      ))}
    </div>
  );
}
