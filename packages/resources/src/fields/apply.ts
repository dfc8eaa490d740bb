import { MeshwiseError } from '@meshwise/core';
import type { JsonSchema } from '../validate/json-schema.ts';
import { compareFields } from './compare.ts';
import { difference, EMPTY, fieldNames, fieldsOf, intersection, isEmpty, union, without } from './field-set.ts';
import { isSame, type Manager, type Ownership, replaceManager } from './managers.ts';
import { mergeValues, pruneValues } from './merge.ts';

export interface Applied {
  readonly value: unknown;
  readonly managers: readonly Manager[];
}

/**
 * Server-side apply (kubernetes.io, "Server-Side Apply"; sigs.k8s.io/structured-merge-diff): the configuration is merged
 * into the live value, the manager owns exactly what it applied, and what it applied earlier and leaves out now is removed
 * unless somebody else owns it. Changing what another manager owns is a conflict (MW2004) unless `force` takes it over.
 */
export function applyFields(
  live: unknown,
  applied: unknown,
  schema: JsonSchema | undefined,
  managers: readonly Manager[],
  by: Ownership,
  force: boolean,
): Applied {
  // The object itself is nobody's, also when nothing is applied to it.
  const fields = { ...fieldsOf(applied, schema), owned: false };
  const merged = mergeValues(live, applied, schema);
  const { changed } = compareFields(live, merged, schema);
  const others = managers.filter((manager) => !isSame(manager, by.id));
  const conflicts = others
    .map((manager) => ({ manager, fields: intersection(manager.fields, changed) }))
    .filter((conflict) => !isEmpty(conflict.fields));
  const first = conflicts[0];
  if (first !== undefined && !force) throw conflictError(first.manager, fieldNames(first.fields), conflicts.length);

  const remaining = managers.map((manager) =>
    isSame(manager, by.id)
      ? manager
      : { ...manager, fields: difference(manager.fields, intersection(manager.fields, changed)) },
  );
  const before = managers.find((manager) => isSame(manager, by.id))?.fields ?? EMPTY;
  const kept = remaining
    .filter((manager) => !isSame(manager, by.id))
    .reduce((all, manager) => union(all, manager.fields), fields);
  const value = pruneValues(merged, schema, difference(before, fields), kept) ?? {};
  const { removed } = compareFields(merged, value, schema);
  const own = replaceManager(remaining, by, fields);
  return { value, managers: own.map((manager) => ({ ...manager, fields: without(manager.fields, removed) })) };
}

function conflictError(manager: Manager, fields: readonly string[], count: number): MeshwiseError {
  const named = fields.slice(0, 3).join(', ');
  const more = fields.length > 3 ? ` and ${fields.length - 3} more` : '';
  const others = count > 1 ? `, and other managers own more of what changes` : '';
  return new MeshwiseError('MW2004', `"${manager.manager}" owns ${named}${more}${others}`, {
    field: (fields[0] ?? '').replace(/^\./, ''),
  });
}
