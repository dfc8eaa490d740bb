import type { ItemOf } from '../model/fragment.ts';
import type { ItemDatabase } from './item-database.ts';

/** Where a workload stands: as it says itself, else as its machine says. */
export function workloadLocality(items: ItemDatabase, workload: ItemOf<'workload'> | undefined): string | undefined {
  if (workload?.locality !== undefined) return workload.locality;
  return workload?.node === undefined ? undefined : nodeLocality(items, workload.node);
}

export function nodeLocality(items: ItemDatabase, node: string): string | undefined {
  return items.list('node', node)[0]?.locality;
}
