import { useLive, useNow } from '../data/status-context.tsx';
import { Icon } from '../ui/icons.tsx';

/** How fresh the page is, and the button that pauses it. */
export function LiveChip(props: { readonly onPause: () => void }) {
  const { freshness } = useNow();
  const { status } = useLive();
  const paused = freshness.tone === 'paused';
  return (
    <span className="mw-live" data-tone={freshness.tone} title={freshness.detail}>
      <span className="mw-live-dot" aria-hidden="true" />
      <span className="mw-live-label">{freshness.label}</span>
      <button
        type="button"
        className="mw-live-pause"
        disabled={status === undefined}
        aria-label={paused ? 'Go on with live updates' : 'Pause live updates'}
        aria-keyshortcuts="Space"
        onClick={props.onPause}
      >
        <Icon name={paused ? 'play' : 'pause'} size={13} />
      </button>
    </span>
  );
}
