import type { ItemOf } from '../model/fragment.ts';
import { covers } from '../model/host-name.ts';
import { byAge } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { VariantSource } from './scope.ts';
import { parseView, type View } from './view.ts';

type Scoping = ItemOf<'scoping'>;

export interface Scopings {
  /** Which selective Sidecar holds for a proxy, if one does. */
  readonly variant: VariantSource;
  /** `namespace/name` of the Sidecar that holds for sidecars of a view; '' for none. */
  readonly nameFor: Query<[view: string], string>;
  readonly of: Query<[name: string], Scoping | undefined>;
  /** The one that holds for a namespace as a whole: its oldest without selector. */
  readonly wideOf: Query<[namespace: string], Scoping | undefined>;
  /** Those that select some workloads of a namespace, oldest first. */
  readonly selectiveOf: Query<[namespace: string], readonly Scoping[]>;
}

/**
 * Which Sidecar holds for a workload, as Istio documents it: the one that selects it, else the one of its namespace without
 * selector, else that of the root namespace. Several of a kind: the oldest.
 */
export function defineScopings({ engine, items, settings }: ResolveContext): Scopings {
  const sorted = (namespace: string) => [...items.list('scopingByNamespace', namespace)].sort(byAge);
  const wideOf = engine.query('wideScoping', (namespace: string) =>
    sorted(namespace).find(({ selector }) => selector === undefined),
  );
  const selectiveOf = engine.query('selectiveScopings', (namespace: string) =>
    sorted(namespace).filter(({ selector }) => selector !== undefined),
  );
  const of = engine.query('scoping', (name: string): Scoping | undefined => {
    const [namespace = '', own = ''] = name.split('/', 2);
    return items.list('scopingByNamespace', namespace).find((item) => item.name === own);
  });
  const variant: VariantSource = {
    key: 'scoping',
    of({ role, namespace, labels }) {
      if (role !== 'sidecar') return '';
      const own = selectiveOf(namespace).find(({ selector }) => selects(selector ?? {}, labels));
      return own === undefined ? '' : nameOf(own);
    },
  };
  const nameFor = engine.query('scopingFor', (viewText: string): string => {
    const view = parseView(viewText);
    const selected = view.variant?.[variant.key];
    if (selected !== undefined) return selected;
    const wide = wideOf(view.namespace) ?? wideOf(settings.rootNamespace);
    return wide === undefined ? '' : nameOf(wide);
  });
  return { variant, nameFor, of, wideOf, selectiveOf };
}

/** The view with the Sidecar that holds for it, whether it selects the client or holds for all. */
export function scopedView(view: View, name: string): View {
  return name === '' ? view : { ...view, variant: { ...view.variant, scoping: name } };
}

/** What one of Sidecar's `egress[].hosts` says. */
interface Entry {
  readonly isExclusion: boolean;
  readonly namespace: string;
  readonly host: string;
}

export function egressEntries(hosts: readonly string[], clientNamespace: string): readonly Entry[] {
  return hosts.map((written) => {
    const [first = '', host = ''] = written.split('/', 2);
    const isExclusion = first.startsWith('~');
    const name = isExclusion ? first.slice(1) || '*' : first;
    return { isExclusion, namespace: name === '.' ? clientNamespace : name, host };
  });
}

/** Whether the entries import a service: some entry covers it, and no exclusion does. */
export function importsHost(entries: readonly Entry[], namespace: string, host: string): boolean {
  const of = entries.filter((entry) => isIn(entry, namespace) && covers(entry.host, host));
  return of.length > 0 && of.every(({ isExclusion }) => !isExclusion);
}

/** Whether the entries import rules for some hosts, one of which has to meet what is imported. */
export function importsRules(entries: readonly Entry[], namespace: string, hosts: readonly string[]): boolean {
  const of = entries.filter((entry) => !entry.isExclusion && isIn(entry, namespace));
  return hosts.some((host) => of.some((entry) => covers(entry.host, host) || covers(host, entry.host)));
}

function isIn(entry: Entry, namespace: string): boolean {
  return entry.namespace === '*' || entry.namespace === namespace;
}

function nameOf({ namespace, name }: Scoping): string {
  return `${namespace}/${name}`;
}
