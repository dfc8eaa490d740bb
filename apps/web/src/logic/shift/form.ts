import type { ShiftTarget } from '@meshwise/api';
import { type Split, shareOut } from './split.ts';

/** Texts as they stand in the fields. */
export interface ShiftForm {
  /** `default/reviews/0`: namespace, VirtualService, index of the route. */
  readonly target: string;
  /** Made from the target and what gains when empty. */
  readonly name: string;
  /** Where it is to go; empty: nobody has said. */
  readonly split: Split;
  readonly locked: readonly string[];
  readonly when: 'steps' | 'now';
  /** How much of the way each step goes, in percent: `1, 5, 25, 50, 100`. */
  readonly ladder: string;
  readonly hold: string;
  readonly minRequests: string;
  readonly success: string;
  readonly p99: string;
  readonly onFailure: 'Restore' | 'Pause';
  readonly dataTimeout: string;
  readonly testers: 'none' | 'header' | 'cookie';
  readonly testersVersion: string;
  readonly testersName: string;
  readonly testersValue: string;
  readonly mirrorVersion: string;
  readonly mirrorPercent: string;
}

export const EMPTY_SHIFT: ShiftForm = {
  target: '',
  name: '',
  split: {},
  locked: [],
  when: 'steps',
  ladder: '1, 5, 25, 50, 100',
  hold: '1m',
  minRequests: '100',
  success: '99',
  p99: '',
  onFailure: 'Restore',
  dataTimeout: '',
  testers: 'none',
  testersVersion: '',
  testersName: '',
  testersValue: '',
  mirrorVersion: '',
  mirrorPercent: '',
};

export const WIZARD_STEPS = ['target', 'split', 'plan', 'review'] as const;
export type WizardStep = (typeof WIZARD_STEPS)[number];

export function targetId({ namespace, virtualService, route }: ShiftTarget): string | undefined {
  return virtualService === null || route === null ? undefined : `${namespace}/${virtualService}/${route}`;
}

export function findTarget(targets: readonly ShiftTarget[], form: ShiftForm): ShiftTarget | undefined {
  return targets.find((target) => targetId(target) === form.target && form.target !== '');
}

/** What the route does now, in whole percent. */
export function currentSplit({ versions }: ShiftTarget): Split {
  const shares = shareOut(
    100,
    versions.map(({ percent }) => percent),
  );
  return Object.fromEntries(versions.map(({ name }, index) => [name, shares[index] ?? 0]));
}

/** What the form asks for, of the versions that there are. */
export function wantedSplit(target: ShiftTarget, form: ShiftForm): Split {
  const current = currentSplit(target);
  const known = target.versions.every(({ name }) => form.split[name] === undefined);
  if (known) return current;
  return Object.fromEntries(target.versions.map(({ name }) => [name, form.split[name] ?? 0]));
}

/** The versions that have more at the end than now. */
export function gainers(target: ShiftTarget, form: ShiftForm): string[] {
  const current = currentSplit(target);
  return Object.entries(wantedSplit(target, form)).flatMap(([name, weight]) =>
    weight > (current[name] ?? 0) ? [name] : [],
  );
}
