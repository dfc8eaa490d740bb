import {
  type DestinationPolicyItem,
  defined,
  FieldReader,
  type Fragment,
  itemBase,
  type Residue,
  type Subset,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readTrafficPolicy } from './destination-rule-settings.ts';

/** networking.istio.io DestinationRule (Istio, DestinationRule reference). */
export function readDestinationRule(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const host = spec?.string('host');
  if (spec === undefined || host === undefined || host === '') {
    (spec ?? root).invalid(spec === undefined ? 'spec' : 'host', 'is missing');
    return { items: [], residues };
  }
  const selector = readSelector(spec);
  // Applied to all clients, a rule for some of them would do what nobody asked for.
  if (selector === 'unreadable') return { items: [], residues };
  const policy = spec.object('trafficPolicy');
  const context = { namespace: resource.metadata.namespace ?? '', isSelective: selector !== undefined };
  const item: DestinationPolicyItem = {
    ...itemBase(resource),
    kind: 'destination-policy',
    host,
    ...defined({
      exportTo: readExportTo(spec, selector !== undefined),
      clientSelector: selector,
      settings: policy === undefined ? undefined : readTrafficPolicy(policy, context),
    }),
    subsets: readSubsets(spec, context),
  };
  spec.rest();
  root.rest();
  return { items: [item], residues };
}

type Labels = NonNullable<DestinationPolicyItem['clientSelector']>;

function readSelector(spec: FieldReader): Labels | undefined | 'unreadable' {
  if (!spec.has('workloadSelector')) return undefined;
  const selector = spec.object('workloadSelector');
  const labels = selector?.stringMap('matchLabels');
  const isPartial = selector?.has('matchLabels') === true && labels === undefined;
  return selector === undefined || isPartial || selector.rest() ? 'unreadable' : (labels ?? {});
}

/** A rule for some workloads is one for its own namespace, whatever else is written. */
function readExportTo(spec: FieldReader, isSelective: boolean): readonly string[] | undefined {
  const exportTo = spec.strings('exportTo') ?? [];
  if (!isSelective) return exportTo.length === 0 ? undefined : exportTo;
  if (exportTo.some((entry) => entry === '*'))
    spec.invalid('exportTo', 'goes beyond the namespace that workloadSelector selects in');
  return ['.'];
}

/** Part of the names of clusters and of TLS server names, hence the limit (Istio: a DNS label). */
const SUBSET_NAME = /^[A-Za-z0-9_.-]{1,63}$/;

function readSubsets(spec: FieldReader, context: Parameters<typeof readTrafficPolicy>[1]): readonly Subset[] {
  const subsets = new Map<string, Subset>();
  for (const field of spec.list('subsets')) {
    const name = field.string('name');
    if (name === undefined || name === '') {
      field.invalid('name', 'is missing');
      continue;
    }
    if (!SUBSET_NAME.test(name)) {
      field.invalid('name', 'is no DNS label: 1 to 63 letters, digits and hyphens');
      continue;
    }
    if (subsets.has(name)) {
      field.invalid('name', `is there twice: the first subset ${name} holds`);
      continue;
    }
    const policy = field.object('trafficPolicy');
    const settings = policy === undefined ? {} : readTrafficPolicy(policy, context);
    subsets.set(name, { name, labels: field.stringMap('labels') ?? {}, settings, origin: field.origin() });
    field.rest();
  }
  return [...subsets.values()];
}
