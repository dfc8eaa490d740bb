import type { Trust } from '@meshwise/load';
import { trustBadge } from '../../../logic/performance/words.ts';
import { ToneBadge } from '../Badges.tsx';

/** Whether to believe the figures, with every reason; before the figures, since it decides what they are worth. */
export function TrustPanel(props: { readonly trust: Trust }) {
  const { verdict, reason, checks } = props.trust;
  const badge = trustBadge(verdict);
  return (
    <section className="mw-panel mw-trust" data-tone={badge.tone} aria-label="Trust">
      <h2>
        <ToneBadge badge={badge} size={18} />
        <span className="mw-trust-reason">{reason}</span>
      </h2>
      <ul>
        {checks.map((check) => (
          <li key={check.check}>
            <ToneBadge badge={trustBadge(check.verdict)} />
            <span className="mw-trust-name">{check.check}</span>
            <span className="mw-reason">{check.text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
