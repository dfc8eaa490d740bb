import type { ShiftView } from '@meshwise/api';
import { RelativeTime } from '../../ui/Time.tsx';
import { Panel } from '../performance/Panel.tsx';

/** Every decision with the figures it was made on, the newest first. */
export function ShiftLog(props: { readonly shift: ShiftView }) {
  const { log } = props.shift;
  return (
    <Panel title="Decisions">
      {log.length === 0 ? (
        <p className="mw-missing-text">None yet.</p>
      ) : (
        <ol className="mw-shift-log">
          {log.toReversed().map(({ at, message, phase }) => (
            <li key={`${at} ${message}`}>
              <span className="mw-dim">
                <RelativeTime at={at} missing="" />
              </span>
              <span>
                <strong>{phase}</strong> {message}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
