/** A pod of a StatefulSet as the plan sees it. */
export interface Member {
  readonly ordinal: number;
  readonly revision: string;
  /** Available: ready for `minReadySeconds`. */
  readonly healthy: boolean;
  /** Being deleted. */
  readonly ending: boolean;
  /** Ended with Succeeded or Failed: replaced under the same name. */
  readonly finished: boolean;
}

export interface PlanInput {
  /** Ordinals there should be, ascending. */
  readonly wanted: readonly number[];
  readonly members: readonly Member[];
  readonly parallel: boolean;
  readonly updateRevision: string;
  /** Undefined for `OnDelete`; else pods with a lower ordinal keep their revision. */
  readonly partition: number | undefined;
}

export interface Plan {
  readonly create: readonly number[];
  readonly remove: readonly number[];
}

const NOTHING: Plan = { create: [], remove: [] };

/**
 * What to do next for a StatefulSet (Kubernetes' stateful_set_control.go). With OrderedReady one thing at a time: fill
 * gaps from below, each pod only when all before it are healthy; then shrink from above; then update from above. With
 * Parallel gaps and surplus are dealt with at once; updates stay one at a time.
 */
export function plan(input: PlanInput): Plan {
  const scaled = input.parallel ? scaleParallel(input) : scaleOrdered(input);
  return scaled ?? update(input) ?? NOTHING;
}

function scaleParallel({ wanted, members }: PlanInput): Plan | undefined {
  const create = wanted.filter((ordinal) => !members.some((member) => member.ordinal === ordinal));
  const finished = members.filter((member) => member.finished && wanted.includes(member.ordinal));
  const surplus = members.filter((member) => !wanted.includes(member.ordinal));
  const remove = [...finished, ...surplus].filter((member) => !member.ending).map((member) => member.ordinal);
  return create.length + remove.length === 0 ? undefined : { create, remove };
}

/** Undefined when nothing is to be scaled; a plan without actions when the next action has to wait. */
function scaleOrdered({ wanted, members }: PlanInput): Plan | undefined {
  for (const ordinal of wanted) {
    const member = members.find((other) => other.ordinal === ordinal);
    if (member === undefined) return { create: [ordinal], remove: [] };
    if (member.ending) return NOTHING;
    if (member.finished) return { create: [], remove: [ordinal] };
    if (!member.healthy) return unhealthy(wanted, members);
  }
  const surplus = descending(members.filter((member) => !wanted.includes(member.ordinal)));
  const highest = surplus[0];
  if (highest === undefined) return undefined;
  return surplus.some((member) => member.ending) ? NOTHING : { create: [], remove: [highest.ordinal] };
}

/** Pods are neither added nor taken while one is unhealthy, unless everything wanted is there and an update may mend it. */
function unhealthy(wanted: readonly number[], members: readonly Member[]): Plan | undefined {
  const complete = wanted.every((ordinal) => members.some((member) => member.ordinal === ordinal));
  const surplus = members.some((member) => !wanted.includes(member.ordinal));
  return complete && !surplus ? undefined : NOTHING;
}

/**
 * The highest pod of an older revision at or above the partition is deleted, to be made again; but only when all above it
 * are up to date and healthy. A pod that is unhealthy itself may be replaced: its new template may be the cure.
 */
function update({ members, wanted, partition, updateRevision }: PlanInput): Plan | undefined {
  if (partition === undefined || members.some((member) => member.ending)) return undefined;
  for (const member of descending(members.filter((other) => wanted.includes(other.ordinal)))) {
    if (member.ordinal < partition) return undefined;
    if (member.revision !== updateRevision) return { create: [], remove: [member.ordinal] };
    if (!member.healthy) return undefined;
  }
  return undefined;
}

function descending(members: readonly Member[]): readonly Member[] {
  return [...members].sort((a, b) => b.ordinal - a.ordinal);
}
