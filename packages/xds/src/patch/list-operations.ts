import type { Message } from '@bufbuild/protobuf';
import type { PatchPlan } from '@meshwise/model';
import { type PatchRun, patchValue } from './patch-run.ts';

/**
 * Operations on an ordered list of named things (filters, routes), as Istio documents them: inserting without saying
 * beside what is inserting at that end, and the first thing that matches is the one that counts, except for REMOVE.
 * The list itself comes back when nothing is done.
 */
export function changedList<T extends Message>(
  list: readonly T[],
  patch: PatchPlan,
  test: ((item: T) => boolean) | undefined,
  run: PatchRun,
): readonly T[] {
  const at = test === undefined ? -1 : list.findIndex(test);
  const value = () => {
    run.found(patch);
    return patchValue<T>(patch);
  };
  switch (patch.operation) {
    case 'ADD':
      return [...list, value()];
    case 'INSERT_FIRST':
      return [value(), ...list];
    case 'INSERT_BEFORE':
      if (test === undefined) return [value(), ...list];
      return at === -1 ? list : [...list.slice(0, at), value(), ...list.slice(at)];
    case 'INSERT_AFTER':
      if (test === undefined) return [...list, value()];
      return at === -1 ? list : [...list.slice(0, at + 1), value(), ...list.slice(at + 1)];
    case 'REPLACE':
      return at === -1 ? list : list.with(at, value());
    case 'REMOVE':
      if (test === undefined || at === -1) return list;
      run.found(patch);
      return list.filter((item) => !test(item));
    default:
      return list;
  }
}

/** The list with each item changed; the list itself when no item was. */
export function mapped<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  const next = list.map(change);
  return next.every((item, index) => item === list[index]) ? list : next;
}
