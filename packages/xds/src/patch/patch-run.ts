import type { Message } from '@bufbuild/protobuf';
import type { PatchContext, PatchOperation, PatchPlan, PatchTarget } from '@meshwise/model';
import { type MergeOptions, merged } from './merge.ts';
import { PATCHED, parsedValue } from './parse-patch.ts';

/** The patches of one place (a context), and what became of them there. */
export class PatchRun {
  readonly context: PatchContext;
  readonly #byTarget = new Map<PatchTarget, PatchPlan[]>();
  /** Those that found what they look for. */
  readonly matched = new Set<PatchPlan>();
  /** Those that found it and could not be applied to it. */
  readonly problems = new Map<PatchPlan, string>();

  constructor(patches: readonly PatchPlan[], context: PatchContext) {
    this.context = context;
    for (const patch of patches) {
      if (patch.context !== 'ANY' && context !== 'ANY' && patch.context !== context) continue;
      if (patch.operation !== 'REMOVE' && parsedValue(patch).message === undefined) continue;
      const known = this.#byTarget.get(patch.target);
      if (known === undefined) this.#byTarget.set(patch.target, [patch]);
      else known.push(patch);
    }
  }

  /** Of some targets, with some operations, in order. */
  of(target: PatchTarget, ...operations: readonly PatchOperation[]): readonly PatchPlan[] {
    const all = this.#byTarget.get(target) ?? [];
    return operations.length === 0 ? all : all.filter(({ operation }) => operations.includes(operation));
  }

  has(...targets: readonly PatchTarget[]): boolean {
    return targets.some((target) => this.#byTarget.has(target));
  }

  found(patch: PatchPlan): void {
    this.matched.add(patch);
  }

  failed(patch: PatchPlan, problem: string): void {
    this.problems.set(patch, problem);
  }
}

/** The value of a patch, as the type it patches. */
export function patchValue<T extends Message>(patch: PatchPlan): T {
  const { message } = parsedValue(patch);
  if (message === undefined) throw new TypeError(`a patch of ${patch.target} without a value`);
  return message as T;
}

export function isMerge({ operation }: PatchPlan): boolean {
  return operation === 'MERGE' || operation === 'MERGE_AND_REPLACE_LIST';
}

export function mergedWith<T extends Message>(target: T, patch: PatchPlan): T {
  const options: MergeOptions = { replacesLists: patch.operation === 'MERGE_AND_REPLACE_LIST' };
  return merged(PATCHED[patch.target], target, patchValue(patch), options);
}
