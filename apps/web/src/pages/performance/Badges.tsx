import type { Verdict } from '@meshwise/load';
import type { RunState } from '@meshwise/performance';
import { type Badge, STATE_BADGE, trustBadge } from '../../logic/performance/words.ts';
import { HealthIcon, Icon } from '../../ui/icons.tsx';

/** Icon, word and colour together. */
export function ToneBadge(props: { readonly badge: Badge; readonly size?: number }) {
  const { badge, size = 14 } = props;
  return (
    <span className="mw-health" data-health={badge.tone}>
      <HealthIcon health={badge.tone} size={size} />
      {badge.label}
    </span>
  );
}

export function StateBadge(props: { readonly state: RunState }) {
  if (props.state === 'running') {
    return (
      <span className="mw-running">
        <Icon name="play" size={12} />
        Running
      </span>
    );
  }
  return <ToneBadge badge={STATE_BADGE[props.state]} />;
}

export function TrustBadge(props: { readonly verdict: Verdict | undefined }) {
  const { verdict } = props;
  if (verdict === undefined) return <span className="mw-missing-text">Not judged</span>;
  return <ToneBadge badge={trustBadge(verdict)} />;
}
