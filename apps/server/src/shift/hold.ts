import { DONE, namesOf, type Result, SAMPLE_MS, SETTLE_MS, type ShiftContext, shiftKey, subjectOf } from './context.ts';
import { type Decision, decide } from './decide.ts';
import { judge } from './gate.ts';
import { type Begun, type Change, partsBefore, type ShiftMoves } from './moves.ts';
import { SHIFT_MANAGER } from './state.ts';
import type { Target } from './target.ts';
import { percentsOf } from './weights.ts';
import { extendWindow, type Measured } from './window.ts';

/** A daemon that was away, or too busy to look, has not watched the step in that time. */
const MOST_HELD_AT_ONCE_MS = 3 * SAMPLE_MS;

/** A step that is set: measures when it is time, decides, and has it done. */
export class ShiftHolder {
  readonly #context: ShiftContext;
  readonly #moves: ShiftMoves;
  /** When each shift is to be measured next. */
  readonly #dueMs = new Map<string, number>();

  constructor(context: ShiftContext, moves: ShiftMoves) {
    this.#context = context;
    this.#moves = moves;
  }

  forget(key: string): void {
    this.#dueMs.delete(key);
  }

  async hold(shift: Begun, target: Target): Promise<Result> {
    const key = shiftKey(shift);
    const measured = await this.#measure(shift, key);
    const step = shift.status.step ?? 0;
    const change = this.#judged(shift, measured);
    const { heldMs = 0, gate } = change;
    const isPaused = shift.status.phase === 'Paused';
    const judged = { verdict: gate?.verdict ?? 'none', checks: gate?.checks ?? [] };
    const decision = decide(shift.spec, { step, heldMs, isPaused, judged });
    return this.#act({ ...shift, status: { ...shift.status, ...change } }, target, decision, key);
  }

  async #measure(shift: Begun, key: string): Promise<Measured | undefined> {
    const { clock, meter, history } = this.#context;
    if (this.#waitMs(shift, key) > 0) return undefined;
    this.#dueMs.set(key, clock.monotonicMs() + SAMPLE_MS);
    const measured = await meter.read(subjectOf(this.#context, shift, shift.spec.versions));
    const set = Object.fromEntries((shift.status.versions ?? []).map((one) => [one.name, one.setWeight ?? 0]));
    if (measured !== undefined) history.add(key, clock.nowMs(), shift.status.step ?? 0, set, measured);
    return measured;
  }

  /** How long until the next reading: the weights have to be everywhere, and readings are apart. */
  #waitMs({ status }: Begun, key: string): number {
    const { clock } = this.#context;
    const startedMs = Date.parse(status.stepStartedAt ?? '') || 0;
    return Math.max(startedMs + SETTLE_MS - clock.nowMs(), (this.#dueMs.get(key) ?? 0) - clock.monotonicMs());
  }

  /** The window with what was measured, and what the gate says of the versions that gained traffic. */
  #judged(shift: Begun, measured: Measured | undefined): Change {
    const { spec, status } = shift;
    const mirrored = spec.mirror !== undefined;
    const window = status.versions ?? [];
    const versions = measured === undefined ? window : extendWindow(window, measured, { mirrored });
    const before = percentsOf(partsBefore(shift).fields.route, spec.versions, namesOf(this.#context, shift));
    const rising = versions.filter(({ name, setWeight }) => (setWeight ?? 0) > (before[name] ?? 0));
    const passedMs = status.phase === 'Paused' ? 0 : Math.min(MOST_HELD_AT_ONCE_MS, measured?.elapsedMs ?? 0);
    return {
      versions,
      heldMs: (status.heldMs ?? 0) + passedMs,
      gate: judge(spec.steps[status.step ?? 0]?.gate, rising),
      ...(measured === undefined ? {} : { proxies: measured.proxies }),
    };
  }

  async #act(shift: Begun, target: Target, decision: Decision, key: string): Promise<Result> {
    const { why } = decision;
    const step = shift.status.step ?? 0;
    const again = { requeueAfterMs: Math.max(1, this.#waitMs(shift, key)) };
    switch (decision.act) {
      case 'wait':
        await this.#moves.store(shift, { ...shift.status, ...(shift.spec.paused === true ? {} : { message: why }) });
        return again;
      case 'pause':
        await this.#moves.write(shift, { phase: 'Paused' }, why);
        return again;
      case 'resume':
        await this.#context.meter.restart(subjectOf(this.#context, shift, shift.spec.versions));
        await this.#moves.write(shift, { phase: 'Holding', ...this.#moves.newWindow(shift) }, why);
        return again;
      case 'stop':
        return this.#stop(shift, why);
      case 'restore':
        return this.#moves.restore(shift, target, 'Aborted', why);
      case 'step':
        return this.#moves.toStep(shift, target, decision.step, `step ${step + 1} passed: ${why}`);
      case 'promote':
        return this.#moves.promote(shift, target, why);
    }
  }

  /** Pauses as a person would, so that it goes on as after any other pause. The spec first: that is what decides. */
  async #stop(shift: Begun, why: string): Promise<Result> {
    const spec = { ...shift.spec, paused: true };
    const paused = await this.#context.store.update({ ...shift, spec }, { fieldManager: SHIFT_MANAGER });
    const { resourceVersion, generation } = paused.metadata;
    const metadata = {
      ...shift.metadata,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(generation === undefined ? {} : { generation }),
    };
    await this.#moves.write({ ...shift, spec, metadata }, { phase: 'Paused' }, `${why}; paused`);
    return DONE;
  }
}
