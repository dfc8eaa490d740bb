import type { ShiftPhase, TrafficShiftSpec, TrafficShiftStatus } from '@meshwise/resources';
import { DONE, namesOf, type Result, SETTLE_MS, type ShiftContext, shiftKey } from './context.ts';
import { type RouteParts, withParts } from './route.ts';
import { logged, SHIFT_FINALIZER, SHIFT_MANAGER, type TrafficShift } from './state.ts';
import type { Target } from './target.ts';
import { partsFor, percentsOf, type Weights } from './weights.ts';
import { emptyWindow } from './window.ts';

/** A shift that has begun. */
export type Begun = TrafficShift & { readonly spec: TrafficShiftSpec; readonly status: TrafficShiftStatus };
export type Change = Partial<TrafficShiftStatus>;

const WORDS = {
  Promoted: 'over: the last weights stay',
  Aborted: 'over: the weights before it are back',
  RolledBack: 'over: the weights before it are back',
} as const;

/**
 * What a shift does to the route and to itself. What is about to be written is stored in the status before it is, so that a
 * daemon that was killed in between finds the route to be one of the two.
 */
export class ShiftMoves {
  readonly #context: ShiftContext;

  constructor(context: ShiftContext) {
    this.#context = context;
  }

  async toStep(shift: Begun, target: Target, step: number, why: string): Promise<Result> {
    const weights = shift.spec.steps[step]?.weights ?? {};
    const words = Object.entries(weights).map(([name, weight]) => `${name} ${weight} %`);
    const message = `${why}; setting step ${step + 1} of ${shift.spec.steps.length}: ${words.join(', ')}`;
    return this.#move(shift, target, this.#parts(shift, target, weights, false), { phase: 'Shifting', step }, message);
  }

  /** To the last weights for good, without testers and mirror. */
  async promote(shift: Begun, target: Target, why: string): Promise<Result> {
    const step = shift.spec.steps.length - 1;
    const parts = this.#parts(shift, target, shift.spec.steps[step]?.weights ?? {}, true);
    return this.#move(shift, target, parts, { phase: 'Shifting', step, ending: 'Promoted' }, `promoted: ${why}`);
  }

  async restore(shift: Begun, target: Target, ending: 'Aborted' | 'RolledBack', why: string): Promise<Result> {
    const message = `${why}; restoring the weights before the shift`;
    return this.#move(shift, target, partsBefore(shift), { phase: 'Restoring', ending }, message);
  }

  /** The route says what was to be written: the step begins, or the shift is over. */
  async arrive(shift: Begun): Promise<Result> {
    const { spec, status } = shift;
    const { previous: _previous, ...target } = status.target ?? {};
    const set = percentsOf((target.written as RouteParts).fields.route, spec.versions, namesOf(this.#context, shift));
    if (status.ending !== undefined) {
      const versions = (status.versions ?? []).map((one) => ({ ...one, setWeight: set[one.name] ?? 0 }));
      await this.end(shift, { phase: status.ending, target, versions }, WORDS[status.ending]);
      return DONE;
    }
    this.#context.meter.forget(shiftKey(shift));
    await this.store(shift, {
      ...status,
      ...this.newWindow(shift, set),
      phase: 'Holding',
      target,
      stepStartedAt: this.now(),
      message: `step ${(status.step ?? 0) + 1} of ${spec.steps.length} is set`,
    });
    // Without a hold and without a gate a step is over at once.
    return { requeueAfterMs: spec.steps[status.step ?? 0]?.hold === undefined ? 1 : SETTLE_MS };
  }

  newWindow({ spec, status }: Begun, set?: Weights): Change {
    const weights = set ?? Object.fromEntries((status.versions ?? []).map((one) => [one.name, one.setWeight ?? 0]));
    return { heldMs: 0, versions: emptyWindow(spec.versions, weights), gate: { verdict: 'none', checks: [] } };
  }

  async end(shift: TrafficShift, change: Change & { readonly phase: ShiftPhase }, why: string): Promise<void> {
    const ended = await this.write(shift, { ...change, endedAt: this.now() }, why);
    await this.setFinalizer(ended, false);
  }

  async writeRoute(shift: TrafficShift, { virtualService, route }: Target, parts: RouteParts): Promise<void> {
    const changed = withParts(virtualService, route.index, shift.metadata.name, parts);
    // A revision like those of people: going back to before it brings the weights back too.
    const revision = `shift ${shift.metadata.namespace ?? ''}/${shift.metadata.name} sets weights`;
    const write = { operation: 'update', resource: changed, options: { fieldManager: SHIFT_MANAGER } } as const;
    await this.#context.store.transaction([write], { revision });
  }

  /** Changes the status, with an entry in its log. */
  async write<T extends TrafficShift>(shift: T, change: Change, message: string): Promise<T> {
    const status = { ...shift.status, ...change };
    const entry = { at: this.now(), step: status.step ?? -1, phase: status.phase ?? 'Pending', message };
    return this.store(shift, { ...status, ...logged(status, entry) });
  }

  async store<T extends TrafficShift>(shift: T, status: TrafficShiftStatus): Promise<T> {
    const observedGeneration = shift.metadata.generation ?? 0;
    const written = { ...shift, status: { ...status, observedGeneration } };
    return (await this.#context.store.updateStatus(written, { fieldManager: SHIFT_MANAGER })) as T;
  }

  async setFinalizer<T extends TrafficShift>(shift: T, wanted: boolean): Promise<T> {
    const before = shift.metadata.finalizers ?? [];
    if (before.includes(SHIFT_FINALIZER) === wanted) return shift;
    const others = before.filter((name) => name !== SHIFT_FINALIZER);
    const metadata = { ...shift.metadata, finalizers: wanted ? [...others, SHIFT_FINALIZER] : others };
    return (await this.#context.store.update({ ...shift, metadata }, { fieldManager: SHIFT_MANAGER })) as T;
  }

  now(): string {
    return new Date(this.#context.clock.nowMs()).toISOString();
  }

  async #move(shift: Begun, target: Target, written: RouteParts, change: Change, why: string): Promise<Result> {
    const previous = target.route.parts;
    const stored = await this.write(shift, { ...change, target: { ...shift.status.target, previous, written } }, why);
    await this.writeRoute(stored, target, written);
    return this.arrive(stored);
  }

  #parts(shift: Begun, target: Target, weights: Weights, ended: boolean): RouteParts {
    const names = namesOf(this.#context, shift);
    return partsFor(partsBefore(shift), target.route.route, shift.metadata.name, shift.spec, weights, names, { ended });
  }
}

export function partsBefore(shift: Begun): RouteParts {
  return shift.status.target?.before as RouteParts;
}
