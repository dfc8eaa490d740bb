import { equalValues } from './equal.ts';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { membersOf, mergeSchema } from './fields/structure.ts';
import type { Resource } from './resource.ts';
import type { JsonSchema } from './validate/json-schema.ts';

/** One difference: `before` or `after` is undefined where the field is not there. */
export interface FieldDifference {
  /** `spec.template.spec.containers[0].image`; indexes are those of `after`, or of `before` for what was removed. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const serverManaged = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
  'selfLink',
]);

/**
 * What changed between two states of a resource, without `status` and what the server writes into `metadata`. Lists with
 * keys (containers by name, ports by number) are compared item by item, so that a reordered list is not a difference.
 */
export function diffResources(before: Resource | undefined, after: Resource | undefined): readonly FieldDifference[] {
  const schema = mergeSchema(after ?? before ?? { apiVersion: '', kind: '' });
  const found: FieldDifference[] = [];
  compare(before && relevant(before), after && relevant(after), schema, [], found);
  return found;
}

function relevant({ status: _status, metadata, ...rest }: Resource): unknown {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !serverManaged.has(name)));
  return { ...rest, metadata: kept };
}

function compare(
  before: unknown,
  after: unknown,
  schema: JsonSchema | undefined,
  path: FieldPath,
  found: FieldDifference[],
): void {
  if (equalValues(before, after)) return;
  const old = membersOf(before, schema?.['x-kubernetes-map-type'] === 'atomic' ? undefined : schema);
  const now = membersOf(after, schema?.['x-kubernetes-map-type'] === 'atomic' ? undefined : schema);
  if (old === undefined || now === undefined || Array.isArray(before) !== Array.isArray(after)) {
    if (Array.isArray(before) && Array.isArray(after)) compareByIndex(before, after, schema, path, found);
    else found.push({ path: formatFieldPath(path), before, after });
    return;
  }
  for (const element of new Set([...old.keys(), ...now.keys()])) {
    const left = old.get(element);
    const right = now.get(element);
    const step = Array.isArray(after) ? indexOf(element, right === undefined ? old : now) : element.slice(2);
    compare(left?.value, right?.value, (right ?? left)?.schema, [...path, step], found);
  }
}

/** Lists without keys: place by place, which shows a changed weight as one number and not as two whole lists. */
function compareByIndex(
  before: readonly unknown[],
  after: readonly unknown[],
  schema: JsonSchema | undefined,
  path: FieldPath,
  found: FieldDifference[],
): void {
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    compare(before[index], after[index], schema?.items, [...path, index], found);
  }
}

function indexOf(element: string, members: ReadonlyMap<string, unknown>): number {
  return [...members.keys()].indexOf(element);
}
