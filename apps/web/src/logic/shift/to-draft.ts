import type { ShiftReviewRequest, ShiftSpec, ShiftTarget } from '@meshwise/api';
import { readDuration, readNumber } from '../performance/quantity.ts';
import { currentSplit, gainers, type ShiftForm, wantedSplit } from './form.ts';
import { between, type Split } from './split.ts';

export type ShiftDraft = NonNullable<ShiftReviewRequest['draft']>;
export type ShiftProblems = Partial<Record<keyof ShiftForm, string>>;

export interface ReadShift {
  readonly draft: ShiftDraft;
  readonly problems: ShiftProblems;
}

/** The TrafficShift that the form stands for, and what in it is none. `taken` are names that there are. */
export function readShiftForm(form: ShiftForm, target: ShiftTarget, taken: readonly string[]): ReadShift {
  const problems: ShiftProblems = {};
  const noting = <T>(
    field: keyof ShiftForm,
    reading: { readonly value: T | undefined } | { readonly problem: string },
  ) => {
    if ('value' in reading) return reading.value;
    problems[field] = reading.problem;
    return undefined;
  };
  const split = wantedSplit(target, form);
  if (gainers(target, form).length === 0) problems.split = 'Give a version more than it has now.';
  const minRequests = noting('minRequests', readNumber(form.minRequests, { min: 1, whole: true }));
  const successRate = noting('success', readNumber(form.success, { min: 0, max: 100 }));
  noting('p99', readDuration(form.p99, 1));
  noting('hold', readDuration(form.hold));
  noting('dataTimeout', readDuration(form.dataTimeout));
  const ladder = noting('ladder', readLadder(form.ladder)) ?? [100];
  const p99 = form.p99.trim();
  const isGated = successRate !== undefined || p99 !== '';
  const gate = {
    ...(minRequests === undefined ? {} : { minRequests }),
    ...(successRate === undefined ? {} : { successRate }),
    ...(p99 === '' ? {} : { p99 }),
  };
  const hold = form.hold.trim();
  const steps: ShiftSpec['steps'] =
    form.when === 'now'
      ? [{ weights: weightsOf(split) }]
      : ladder.map((percent) => ({
          weights: weightsOf(between(currentSplit(target), split, percent)),
          ...(hold === '' ? {} : { hold }),
          ...(isGated ? { gate } : {}),
        }));
  const mirror = mirrorOf(form, problems);
  const testers = testersOf(form, problems);
  const used = new Set([testers?.version, mirror?.version]);
  // Every version that the route goes to, since a shift names all of them, and those that are to get something.
  const versions = target.versions
    .filter(({ name, weight, percent }) => weight !== null || percent > 0 || (split[name] ?? 0) > 0 || used.has(name))
    .map(({ name, host, subset, port }) => ({
      name,
      host,
      ...(subset === null ? {} : { subset }),
      ...(port === null ? {} : { port }),
    }));
  const spec: ShiftSpec = {
    targetRef: {
      kind: 'VirtualService',
      name: target.virtualService ?? '',
      ...(target.route === null ? {} : { route: target.routeName ?? target.route }),
    },
    versions,
    steps,
    ...(form.when === 'steps' && form.onFailure === 'Pause' ? { onFailure: 'Pause' } : {}),
    ...(form.when === 'steps' && form.dataTimeout.trim() !== '' ? { dataTimeout: form.dataTimeout.trim() } : {}),
    ...(testers === undefined ? {} : { testers }),
    ...(mirror === undefined ? {} : { mirror }),
  };
  return {
    draft: { namespace: target.namespace, name: form.name.trim() || freeName(target, form, taken), spec },
    problems,
  };
}

/** `reviews-v3`, or with a number when there is one. */
export function freeName(target: ShiftTarget, form: ShiftForm, taken: readonly string[]): string {
  const service = target.host.split('.')[0] ?? 'shift';
  const base = [service, ...gainers(target, form)].join('-').slice(0, 60);
  let name = base;
  for (let count = 2; taken.includes(name); count++) name = `${base}-${count}`;
  return name;
}

function weightsOf(split: Split): Record<string, number> {
  return Object.fromEntries(Object.entries(split).filter(([, weight]) => weight > 0));
}

/** Percents that grow and end with all of it. */
function readLadder(text: string) {
  const steps = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
  const grows = steps.every((step, index) => step > (steps[index - 1] ?? 0) && step <= 100);
  if (steps.length === 0 || !grows || steps.at(-1) !== 100) {
    return { problem: 'Percents of the way that grow and end with 100: 1, 5, 25, 50, 100' };
  }
  return { value: steps };
}

function mirrorOf(form: ShiftForm, problems: ShiftProblems): ShiftSpec['mirror'] {
  if (form.mirrorVersion === '') return undefined;
  const reading = readNumber(form.mirrorPercent === '' ? '100' : form.mirrorPercent, { min: 0, max: 100 });
  if ('problem' in reading) problems.mirrorPercent = reading.problem;
  return { version: form.mirrorVersion, percent: 'value' in reading ? (reading.value ?? 100) : 100 };
}

function testersOf(form: ShiftForm, problems: ShiftProblems): ShiftSpec['testers'] {
  if (form.testers === 'none') return undefined;
  const [name, value] = [form.testersName.trim(), form.testersValue];
  if (name === '')
    problems.testersName = form.testers === 'header' ? 'The name of the header' : 'The name of the cookie';
  if (form.testersVersion === '') problems.testersVersion = 'The version that testers get';
  const version = form.testersVersion;
  return form.testers === 'header'
    ? { version, headers: { [name.toLowerCase()]: value === '' ? {} : { exact: value } } }
    : { version, cookie: { name, value } };
}
