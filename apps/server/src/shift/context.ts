import type { Clock, Logger } from '@meshwise/core';
import { keyOf, keyText, type ShiftVersion, type TransactionalStore } from '@meshwise/resources';
import type { ShiftHistory } from './history.ts';
import type { ShiftMeter, Subject } from './meter.ts';
import type { Names } from './route.ts';
import type { TrafficShift } from './state.ts';

/** What the controller of shifts is given. */
export interface ShiftContext {
  readonly store: TransactionalStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: ShiftMeter;
  readonly history: ShiftHistory;
  readonly clusterDomain: string;
}

/** Between two readings of a shift that goes on. */
export const SAMPLE_MS = 2_000;
/** From writing weights to the begin of the window: by then every proxy has them, and what it sent by the old ones has its answer. */
export const SETTLE_MS = 2_000;

export interface Result {
  readonly requeueAfterMs?: number;
}
export const DONE: Result = {};

export function namesOf({ clusterDomain }: Pick<ShiftContext, 'clusterDomain'>, shift: TrafficShift): Names {
  return { namespace: shift.metadata.namespace ?? 'default', clusterDomain };
}

export function subjectOf(context: ShiftContext, shift: TrafficShift, versions: readonly ShiftVersion[]): Subject {
  return { key: shiftKey(shift), versions, names: namesOf(context, shift) };
}

export function shiftKey(shift: TrafficShift): string {
  return keyText(keyOf(shift));
}
