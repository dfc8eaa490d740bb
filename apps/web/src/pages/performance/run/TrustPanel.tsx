import type { Trust, Verdict } from '@meshwise/load';
import { trustBadge } from '../../../logic/performance/words.ts';
import { HealthIcon } from '../../../ui/icons.tsx';
import { ToneBadge } from '../Badges.tsx';

const ADVICE: Readonly<Record<Exclude<Verdict, 'trust'>, string>> = {
  doubt: 'Mind this before you rely on a figure:',
  'do not trust': 'Do not rely on these figures before this is put right:',
};

/** Whether to believe the figures; before them, since it decides what they are worth. What speaks against them comes first. */
export function TrustPanel(props: { readonly trust: Trust }) {
  const { verdict, reason, checks } = props.trust;
  const badge = trustBadge(verdict);
  const against = [...checks.filter(is('do not trust')), ...checks.filter(is('doubt'))];
  const passed = checks.filter(is('trust'));
  return (
    <section className="mw-panel mw-trust" data-tone={badge.tone} aria-label="Trust">
      <h2>
        <ToneBadge badge={badge} size={18} />
        <span className="mw-trust-reason">
          {verdict === 'trust' || against.length === 0 ? reason : ADVICE[verdict]}
        </span>
      </h2>
      {against.length > 0 && <Checks checks={against} />}
      {passed.length > 0 && (
        <details className="mw-fold">
          <summary>
            {passed.length} of {checks.length} checks passed
          </summary>
          <Checks checks={passed} />
        </details>
      )}
    </section>
  );
}

function is(verdict: Verdict) {
  return (check: Trust['checks'][number]) => check.verdict === verdict;
}

function Checks(props: { readonly checks: Trust['checks'] }) {
  return (
    <ul>
      {props.checks.map(({ check, verdict, text }) => {
        const { label, tone } = trustBadge(verdict);
        return (
          <li key={check}>
            <span className="mw-health" data-health={tone}>
              <HealthIcon health={tone} size={14} />
              <span className="mw-sr">{label}: </span>
            </span>
            <span className="mw-trust-name">{check}</span>
            <span className="mw-reason">{text}</span>
          </li>
        );
      })}
    </ul>
  );
}
