import type { FieldReader, PolicyAttachment } from '@meshwise/model';

export interface Attachment {
  readonly selector?: Readonly<Record<string, string>>;
  readonly targets?: readonly PolicyAttachment[];
}

const GATEWAY_API = 'gateway.networking.k8s.io';

/**
 * For whom a policy of security is (Istio, WorkloadSelector and PolicyTargetReference). Undefined when that cannot be read:
 * what is meant for some workloads must not hold for a whole namespace.
 */
export function readAttachment(spec: FieldReader | undefined): Attachment | undefined {
  if (spec === undefined) return {};
  const selectorField = spec.object('selector');
  const labels = selectorField?.stringMap('matchLabels');
  const selector = labels ?? {};
  const isUnreadable =
    (spec.has('selector') && selectorField === undefined) ||
    (selectorField?.has('matchLabels') === true && labels === undefined);
  if (selectorField?.rest() === true || isUnreadable) return undefined;
  const single = spec.object('targetRef');
  const several = spec.list('targetRefs');
  if (single === undefined && several.length === 0) {
    if (spec.has('targetRef') || spec.isNoList('targetRefs')) return undefined;
    return Object.keys(selector).length === 0 ? {} : { selector };
  }
  if (selectorField !== undefined) {
    spec.invalid('selector', 'stands beside targets, of which only one is possible');
    return undefined;
  }
  return {
    targets: [...(single === undefined ? [] : [single]), ...several].flatMap((field) => readTarget(field) ?? []),
  };
}

/** Undefined, and reported, for what no proxy here stands for. */
function readTarget(field: FieldReader): PolicyAttachment | undefined {
  const group = field.string('group') ?? '';
  const kind = field.string('kind') ?? '';
  const name = field.string('name') ?? '';
  const isElsewhere = field.has('namespace');
  if (isElsewhere) field.invalid('namespace', 'is not possible: a target is beside its policy');
  if (field.ignore('namespace').rest() || isElsewhere) return undefined;
  if (group === GATEWAY_API && (kind === 'Gateway' || kind === 'GatewayClass') && name !== '')
    return { group, kind, name, origin: field.origin() };
  if (kind === 'Service' || kind === 'ServiceEntry')
    field.unsupported('kind', `${kind} is a target of waypoints, and there are none here`);
  else field.invalid('kind', `${kind} ${name} is no target of a policy`);
  return undefined;
}
