import { equalValues, keyText, type ResourceKey } from '@meshwise/resources';
import { DONE, namesOf, type Result, type ShiftContext } from './context.ts';
import { ShiftHolder } from './hold.ts';
import { type Begun, ShiftMoves } from './moves.ts';
import type { RouteParts } from './route.ts';
import { ENDED, lastWriter, phaseOf, planText, samePlan, type TrafficShift } from './state.ts';
import { findTarget, obstacles, routeField } from './target.ts';
import { percentsOf } from './weights.ts';
import { emptyWindow } from './window.ts';

/** Between two looks at what keeps a shift from beginning. */
const OBSTACLE_MS = 5_000;

/**
 * Brings a shift one step further. Everything it needs to know is in the resource: what the route was before, what was written
 * last, and what is about to be written. So a daemon that was killed at any moment goes on where it was; and a route that is
 * none of these was changed by somebody else. Then the shift ends, says so, and changes nothing: it never fights.
 */
export class ShiftReconciler {
  readonly #context: ShiftContext;
  readonly #moves: ShiftMoves;
  readonly #holder: ShiftHolder;

  constructor(context: ShiftContext) {
    this.#context = context;
    this.#moves = new ShiftMoves(context);
    this.#holder = new ShiftHolder(context, this.#moves);
  }

  async reconcile(key: ResourceKey): Promise<Result> {
    const shift = (await this.#context.store.get(key)) as TrafficShift | undefined;
    const isDeleting = shift?.metadata.deletionTimestamp !== undefined;
    if (shift === undefined || isDeleting) {
      this.#forget(key);
      this.#context.history.forget(keyText(key));
      return shift === undefined ? DONE : this.#delete(shift);
    }
    const phase = phaseOf(shift);
    if (phase === 'Pending') return this.#begin(shift);
    if (ENDED.includes(phase)) {
      this.#forget(key);
      if (phase === 'Promoted' && shift.spec?.abort === true) return this.#proceed(shift);
      await this.#moves.setFinalizer(shift, false);
      return DONE;
    }
    return this.#proceed(shift);
  }

  async #begin(shift: TrafficShift): Promise<Result> {
    const { spec } = shift;
    const names = namesOf(this.#context, shift);
    const reasons = await obstacles(this.#context.store, shift, names);
    const found =
      spec === undefined ? undefined : await findTarget(this.#context.store, shift.metadata.name, spec, names);
    if (reasons.length > 0 || spec === undefined || found === undefined || 'problem' in found) {
      await this.#moves.write(shift, { phase: 'Pending', step: -1 }, `cannot begin: ${reasons.join('; ')}`);
      return { requeueAfterMs: OBSTACLE_MS };
    }
    if (spec.abort === true) {
      await this.#moves.end(shift, { phase: 'Aborted', step: -1 }, 'abort was asked for before it began');
      return DONE;
    }
    if (spec.paused === true) {
      await this.#moves.write(shift, { phase: 'Pending', step: -1 }, 'paused before it began');
      return DONE;
    }
    const { route } = found.found;
    const guarded = await this.#moves.setFinalizer(shift, true);
    const begun: Begun = {
      ...guarded,
      spec,
      status: {
        ...guarded.status,
        startedAt: this.#moves.now(),
        plan: planText(spec),
        versions: emptyWindow(spec.versions, percentsOf(route.parts.fields.route, spec.versions, names)),
        target: { field: routeField(route.index), before: route.parts },
      },
    };
    if (spec.promote === true) return this.#moves.promote(begun, found.found, 'promotion was asked for at once');
    return this.#moves.toStep(begun, found.found, 0, 'it begins');
  }

  async #proceed(shift: TrafficShift): Promise<Result> {
    const { spec, status, metadata } = shift;
    if (spec === undefined || status?.target === undefined || status.plan === undefined) {
      return this.#fail(shift, 'its status has lost what it needs to go on');
    }
    if (!samePlan(status.plan, spec)) {
      return this.#fail(
        shift,
        'spec.targetRef or spec.versions changed after it had begun; the weights stay as they are',
      );
    }
    const begun: Begun = { ...shift, spec, status };
    const found = await findTarget(this.#context.store, metadata.name, spec, namesOf(this.#context, shift));
    if ('problem' in found) return this.#fail(shift, found.problem);
    const target = found.found;
    const { written, previous, field = 'the route' } = status.target;
    const isUnderWay = status.phase === 'Shifting' || status.phase === 'Restoring';
    if (equalValues(target.route.parts, written)) {
      if (isUnderWay) return this.#moves.arrive(begun);
      if (status.phase !== 'Promoted') return this.#holder.hold(begun, target);
      return this.#moves.restore(begun, target, 'RolledBack', 'abort was asked for');
    }
    if (isUnderWay && previous !== undefined && equalValues(target.route.parts, previous)) {
      await this.#moves.writeRoute(begun, target, written as RouteParts);
      return this.#moves.arrive(begun);
    }
    const who = lastWriter(target.virtualService);
    const by = who === undefined ? 'somebody else' : `somebody else ("${who}" wrote last)`;
    return this.#fail(shift, `${field} was changed by ${by}; the weights stay as they are now`);
  }

  /** Whoever deletes a shift that goes on gets the weights before it back, unless somebody else has changed them. */
  async #delete(shift: TrafficShift): Promise<Result> {
    const { spec, status, metadata } = shift;
    if (spec !== undefined && status?.target?.before !== undefined && !ENDED.includes(phaseOf(shift))) {
      const { written, previous, before } = status.target;
      const found = await findTarget(this.#context.store, metadata.name, spec, namesOf(this.#context, shift));
      const isOwn =
        'found' in found && [written, previous].some((parts) => equalValues(found.found.route.parts, parts));
      if (isOwn) await this.#moves.writeRoute(shift, found.found, before as RouteParts);
    }
    await this.#moves.setFinalizer(shift, false);
    return DONE;
  }

  async #fail(shift: TrafficShift, why: string): Promise<Result> {
    await this.#moves.end(shift, { phase: 'Failed' }, why);
    return DONE;
  }

  #forget(key: ResourceKey): void {
    this.#context.meter.forget(keyText(key));
    this.#holder.forget(keyText(key));
  }
}
