import type { EnvoyResource } from '../envoy/resource.ts';
import { XDS_TYPES, type XdsType } from '../types.ts';
import { ResourceView, type ViewChange, type ViewOptions } from '../view/resource-view.ts';

/**
 * A view together with what was last put into it. Printers return the same object for what did not change, so a
 * publication costs a comparison of references and encodes only what is new.
 */
export class PublishedView {
  readonly view: ResourceView;
  #published = new Map<string, EnvoyResource>();
  #list: readonly EnvoyResource[] = [];

  constructor(options: ViewOptions) {
    this.view = new ResourceView(options);
  }

  /** Makes these resources all there is, in one step; returns how many changed in content. */
  publish(resources: readonly EnvoyResource[]): number {
    // Every change of anything asks every proxy, and for nearly all of them nothing has changed.
    if (isSameList(resources, this.#list)) return 0;
    const next = new Map<string, EnvoyResource>();
    for (const resource of resources) next.set(keyOf(resource), resource);
    const upserts = [...next].filter(([key, resource]) => this.#published.get(key) !== resource);
    const removals = [...this.#published].filter(([key]) => !next.has(key));
    const isSame = upserts.length === 0 && removals.length === 0;
    const changed = isSame ? 0 : this.view.update(changesOf(values(upserts), values(removals)));
    // Only now: what could not be encoded is tried again.
    this.#published = next;
    this.#list = resources;
    return changed;
  }
}

function isSameList(left: readonly EnvoyResource[], right: readonly EnvoyResource[]): boolean {
  return left.length === right.length && left.every((resource, index) => resource === right[index]);
}

function keyOf(resource: EnvoyResource): string {
  return `${resource.type}/${resource.name}`;
}

function values(entries: readonly (readonly [string, EnvoyResource])[]): EnvoyResource[] {
  return entries.map(([, resource]) => resource);
}

function changesOf(upserts: readonly EnvoyResource[], removals: readonly EnvoyResource[]): ViewChange[] {
  const of = (list: readonly EnvoyResource[], type: XdsType) => list.filter((resource) => resource.type === type);
  return XDS_TYPES.map(({ type }) => ({
    type,
    upserts: new Map(of(upserts, type).map((resource) => [resource.name, resource.message])),
    removals: of(removals, type).map((resource) => resource.name),
  })).filter(({ upserts: added, removals: gone }) => added.size > 0 || gone.length > 0);
}
