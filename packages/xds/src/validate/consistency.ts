/**
 * Whether what a proxy sees refers only to what it sees.
 *
 * A dangling reference is no protocol error: Envoy answers requests on it with 503, waits for it until a timeout, or
 * never opens the listener. All of it is cheaper to say here, with the name and the place, before anything is sent.
 */

import { XDS_TYPES, type XdsType } from '../types.ts';
import type { ResourceView } from '../view/resource-view.ts';
import { type Reference, referencesOfEncoded } from './references.ts';

export interface DanglingReference extends Reference {
  readonly from: { readonly type: XdsType; readonly name: string };
}

export interface Unreferenced {
  readonly type: XdsType;
  readonly name: string;
}

export interface ConsistencyReport {
  /** Names that are referred to and not there. */
  readonly dangling: readonly DanglingReference[];
  /** Endpoints, routes, secrets and filter configurations that nothing here refers to: sent to nobody. */
  readonly unreferenced: readonly Unreferenced[];
}

export interface ConsistencyOptions {
  /** Clusters of the bootstrap, which routes may name as well. */
  readonly staticClusters?: Iterable<string> | undefined;
}

/** Types of which a resource is only ever asked for by a name that another resource has. */
const ASKED_BY_NAME: readonly XdsType[] = ['EDS', 'SDS', 'RDS', 'ECDS'];

/** Checks what a proxy with these views sees; the earlier view wins where two have a name. */
export function checkConsistency(views: readonly ResourceView[], options: ConsistencyOptions = {}): ConsistencyReport {
  const visible = new Map(XDS_TYPES.map(({ type }) => [type, visibleOf(views, type)] as const));
  const fixed = new Set(options.staticClusters);
  const exists = ({ to, name }: Reference) => visible.get(to)?.has(name) === true || (to === 'CDS' && fixed.has(name));
  const dangling: DanglingReference[] = [];
  const referred = new Set<string>();
  for (const [type, resources] of visible) {
    for (const [name, view] of resources) {
      const resource = view.get(type, name);
      if (resource === undefined) continue;
      for (const reference of referencesOfEncoded(type, resource)) {
        referred.add(`${reference.to} ${reference.name}`);
        if (!exists(reference)) dangling.push({ ...reference, from: { type, name } });
      }
    }
  }
  const unreferenced = ASKED_BY_NAME.flatMap((type) =>
    [...(visible.get(type)?.keys() ?? [])]
      .filter((name) => !referred.has(`${type} ${name}`))
      .map((name) => ({ type, name })),
  );
  return { dangling, unreferenced };
}

function visibleOf(views: readonly ResourceView[], type: XdsType): Map<string, ResourceView> {
  const visible = new Map<string, ResourceView>();
  for (const view of views) for (const name of view.names(type)) if (!visible.has(name)) visible.set(name, view);
  return visible;
}
