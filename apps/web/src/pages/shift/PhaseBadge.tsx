import type { ShiftPhase } from '@meshwise/api';
import { PHASE_WORDS } from '../../logic/shift/words.ts';
import { HealthIcon, Icon } from '../../ui/icons.tsx';

export function PhaseBadge(props: { readonly phase: ShiftPhase }) {
  const { phase } = props;
  const { label, tone } = PHASE_WORDS[phase];
  if (phase === 'Holding' || phase === 'Shifting') {
    return (
      <span className="mw-running">
        <Icon name="play" size={12} />
        {label}
      </span>
    );
  }
  return (
    <span className="mw-health" data-health={tone}>
      <HealthIcon health={tone} size={14} />
      {label}
    </span>
  );
}
