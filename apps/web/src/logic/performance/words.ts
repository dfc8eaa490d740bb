import type { Health } from '@meshwise/api';
import type { Verdict } from '@meshwise/load';
import { percentText, type RunState, type RunVerdict, type UseRole } from '@meshwise/performance';
import { NOT_MEASURED } from '../format.ts';

/** The code for what is not in the store, or not any more. */
export const NO_SUCH_RESULT = 'MW8101';
/** The code for results that are there, but cannot be held against each other. */
export const NOT_COMPARABLE = 'MW8007';

export interface Badge {
  readonly label: string;
  readonly tone: Health;
}

/** How a run ended, in the icons and colours of health. */
export const STATE_BADGE: Readonly<Record<RunState, Badge>> = {
  running: { label: 'Running', tone: 'idle' },
  finished: { label: 'Finished', tone: 'healthy' },
  stopped: { label: 'Stopped', tone: 'idle' },
  aborted: { label: 'Aborted', tone: 'degraded' },
  partial: { label: 'Partial', tone: 'degraded' },
  failed: { label: 'Failed', tone: 'failing' },
};

const TRUST_BADGE: Readonly<Record<Verdict, Badge>> = {
  trust: { label: 'Trust', tone: 'healthy' },
  doubt: { label: 'Doubt', tone: 'degraded' },
  'do not trust': { label: 'Do not trust', tone: 'failing' },
};

export function trustBadge(verdict: Verdict): Badge {
  return TRUST_BADGE[verdict];
}

export const ROLE_WORDS: Readonly<Record<UseRole, string>> = {
  application: 'Application',
  sidecar: 'Sidecar',
  gateway: 'Gateway',
  'control-plane': 'Control plane',
  generator: 'Load generator',
};

/** The tones of verdicts in those of health. */
export const TONE_HEALTH: Readonly<Record<RunVerdict['tone'], Health>> = {
  good: 'healthy',
  doubt: 'degraded',
  bad: 'failing',
  plain: 'idle',
};

export interface NamedTime {
  readonly key: 'response' | 'service' | 'lag';
  readonly letter: string;
  readonly name: string;
  readonly text: string;
}

/** The three times of each request. Their names and meanings are the same everywhere. */
export const TIMES: readonly NamedTime[] = [
  {
    key: 'response',
    letter: 'R',
    name: 'Response time',
    text: 'From the moment a request was due until its answer was complete. This is what a caller waits.',
  },
  {
    key: 'service',
    letter: 'S',
    name: 'Service time',
    text: 'From sending a request until its answer was complete. This is what the way and the server take.',
  },
  {
    key: 'lag',
    letter: 'L',
    name: 'Schedule lag',
    text: 'From the moment a request was due until it was sent: the wait for a free connection, and for the generator.',
  },
];

export function errorPercentOf(counts: {
  readonly completed: number;
  readonly failed: number;
  readonly dropped: number;
}): string {
  const all = counts.completed + counts.failed + counts.dropped;
  return all === 0 ? NOT_MEASURED : percentText((100 * (counts.failed + counts.dropped)) / all);
}
