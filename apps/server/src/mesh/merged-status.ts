import { GATEWAY_CONTROLLERS } from '@meshwise/model';
import { equalValues, type Resource } from '@meshwise/resources';

type Entry = Readonly<Record<string, unknown>>;
type Status = Readonly<Record<string, unknown>>;

/** When a status is written, and of which generation of the resource it speaks. */
interface Moment {
  /** RFC 3339. */
  readonly now: string;
  readonly generation: number;
}

/**
 * The status of a resource of the Gateway API with what is wanted in its place: times move only with the status of a
 * condition, and what other controllers say stays (Gateway API, RouteStatus and PolicyStatus). Undefined when nothing
 * changes.
 */
export function mergedStatus(resource: Resource, wanted: Status, now: string): Status | undefined {
  const before = resource.status as Status | undefined;
  const moment = { now, generation: resource.metadata.generation ?? 0 };
  const merged: Record<string, unknown> = { ...before };
  for (const [field, value] of Object.entries(wanted)) {
    merged[field] = mergedField(field, entriesOf(before?.[field]), value, moment);
  }
  if (equalValues(before ?? {}, merged)) return undefined;
  // A route that is nobody's of ours keeps its status as it is: absent.
  const isNothing = Object.values(merged).every((value) => Array.isArray(value) && value.length === 0);
  return before === undefined && isNothing ? undefined : merged;
}

function mergedField(field: string, before: readonly Entry[], value: unknown, moment: Moment): unknown {
  switch (field) {
    case 'conditions':
      return conditions(before, entriesOf(value), moment);
    case 'listeners':
      return entriesOf(value).map((entry) => {
        const known = before.find(({ name }) => name === entry['name']);
        return withConditions(entry, known, moment);
      });
    case 'parents':
    case 'ancestors': {
      const reference = field === 'parents' ? 'parentRef' : 'ancestorRef';
      const others = before.filter(({ controllerName }) => !GATEWAY_CONTROLLERS.includes(String(controllerName)));
      const ours = entriesOf(value).map((entry) => {
        const known = before.find(
          (other) =>
            other['controllerName'] === entry['controllerName'] && equalValues(other[reference], entry[reference]),
        );
        return withConditions(entry, known, moment);
      });
      return [...others, ...ours];
    }
    default:
      return value;
  }
}

function withConditions(entry: Entry, before: Entry | undefined, moment: Moment): Entry {
  const known = entriesOf(before?.['conditions']);
  return { ...entry, conditions: conditions(known, entriesOf(entry['conditions']), moment) };
}

/** Ours that are no longer wanted go; types that are none of ours stay where they are. */
function conditions(before: readonly Entry[], wanted: readonly Entry[], moment: Moment): readonly Entry[] {
  const stamped = new Map(
    wanted.map((condition) => {
      const known = before.find(({ type }) => type === condition['type']);
      const isSame = known?.['status'] === condition['status'];
      const lastTransitionTime = (isSame ? known?.['lastTransitionTime'] : undefined) ?? moment.now;
      return [condition['type'], { ...condition, lastTransitionTime, observedGeneration: moment.generation }];
    }),
  );
  const kept = before.filter(({ type }) => stamped.has(type) || !OWN_TYPES.includes(String(type)));
  const added = [...stamped].filter(([type]) => !kept.some((condition) => condition['type'] === type));
  return [...kept.map((condition) => stamped.get(condition['type']) ?? condition), ...added.map(([, one]) => one)];
}

/** Conditions that we write, and take back. */
const OWN_TYPES: readonly string[] = [
  'Accepted',
  'Conflicted',
  'PartiallyInvalid',
  'Programmed',
  'ResolvedRefs',
  'SupportedVersion',
];

function entriesOf(value: unknown): readonly Entry[] {
  return Array.isArray(value) ? (value as readonly Entry[]) : [];
}
