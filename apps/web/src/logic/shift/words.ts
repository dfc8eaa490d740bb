import type { Health, ShiftPhase, ShiftView } from '@meshwise/api';

export interface PhaseWords {
  readonly label: string;
  readonly tone: Health;
}

/** How a shift stands, in the icons and colours of health. */
export const PHASE_WORDS: Readonly<Record<ShiftPhase, PhaseWords>> = {
  Pending: { label: 'Waiting to begin', tone: 'unknown' },
  Shifting: { label: 'Setting weights', tone: 'idle' },
  Holding: { label: 'Under way', tone: 'idle' },
  Paused: { label: 'Paused', tone: 'degraded' },
  Restoring: { label: 'Going back', tone: 'degraded' },
  Promoted: { label: 'Promoted', tone: 'healthy' },
  Aborted: { label: 'Aborted', tone: 'failing' },
  RolledBack: { label: 'Rolled back', tone: 'degraded' },
  Failed: { label: 'Stopped: cannot go on', tone: 'failing' },
};

export const OVER: readonly ShiftPhase[] = ['Promoted', 'Aborted', 'RolledBack', 'Failed'];

export function isOver({ phase }: ShiftView): boolean {
  return OVER.includes(phase);
}

/** Where it stands, or, once it is over, what decided it: the last entry only says that it is. */
export function reasonOf(shift: ShiftView): string {
  const { log, message } = shift;
  return isOver(shift) ? (log.findLast((entry) => !entry.message.startsWith('over:'))?.message ?? message) : message;
}

/** `v1 90 %, v3 10 %`. */
export function splitWords(weights: Readonly<Record<string, number>>): string {
  const parts = Object.entries(weights).filter(([, weight]) => weight > 0);
  return parts.map(([name, weight]) => `${name} ${Math.round(weight * 10) / 10} %`).join(', ');
}

/** What a button does, said on it: a verb with its figures. */
export function shiftVerb(weights: Readonly<Record<string, number>>, gaining: readonly string[]): string {
  const parts = gaining.map((name) => `${weights[name] ?? 0} % to ${name}`);
  return parts.length === 0 ? 'Shift' : `Shift ${parts.join(' and ')}`;
}
