import type { JsonSchema } from '../validate/json-schema.ts';
import { EMPTY, type FieldSet } from './field-set.ts';
import { fromMembers, membersOf } from './structure.ts';

/**
 * The applied configuration laid over the live value: maps and keyed lists member by member, everything else replaced.
 * Items that both have keep the order of the live list; new ones follow in the order of the configuration.
 */
export function mergeValues(live: unknown, applied: unknown, schema: JsonSchema | undefined): unknown {
  if (live === undefined || live === null) return applied;
  const liveMembers = membersOf(live, schema);
  const appliedMembers = membersOf(applied, schema);
  if (liveMembers === undefined || appliedMembers === undefined || Array.isArray(live) !== Array.isArray(applied)) {
    return applied;
  }
  const merged = new Map<string, unknown>([...liveMembers].map(([element, member]) => [element, member.value]));
  for (const [element, member] of appliedMembers) {
    merged.set(element, mergeValues(merged.get(element), member.value, member.schema));
  }
  return fromMembers(merged, Array.isArray(live));
}

/**
 * Removes fields that nobody wants any more: `dropped` are the ones the manager applied before and does not apply now,
 * `kept` those of the configuration and of other managers. Maps and lists that become empty by it go too, unless owned.
 */
export function pruneValues(
  value: unknown,
  schema: JsonSchema | undefined,
  dropped: FieldSet,
  kept: FieldSet,
): unknown {
  const members = membersOf(value, schema);
  if (members === undefined) return value;
  const rest = new Map<string, unknown>();
  let removed = false;
  for (const [element, member] of members) {
    const drop = dropped.children.get(element) ?? EMPTY;
    const keep = kept.children.get(element) ?? EMPTY;
    const wanted = keep.owned || keep.children.size > 0;
    if (drop.owned && !wanted) {
      removed = true;
      continue;
    }
    const inner = drop.children.size === 0 ? member.value : pruneValues(member.value, member.schema, drop, keep);
    if (inner === undefined && !wanted) removed = true;
    else rest.set(element, inner === undefined ? (Array.isArray(member.value) ? [] : {}) : inner);
  }
  if (removed && rest.size === 0) return undefined;
  return removed || [...rest].some(([element, inner]) => inner !== members.get(element)?.value)
    ? fromMembers(rest, Array.isArray(value))
    : value;
}
