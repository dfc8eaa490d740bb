/**
 * A set of resources that any number of proxies may look at.
 *
 * A proxy is given a list of views: usually one that all proxies of its scope share (outbound listeners, routes,
 * clusters, endpoints) and one of its own (inbound listeners, its secrets). The alternative, one view per proxy, would
 * encode and keep the shared nine tenths once per proxy; one view per class of proxies alone could not hold secrets.
 * Where two views of a proxy have the same name, the earlier in its list wins.
 */
import type { Message } from '@bufbuild/protobuf';
import { MeshwiseError } from '@meshwise/core';
import { rulesOf, type XdsType } from '../types.ts';
import { ChangeLog } from './change-log.ts';
import { type EncodedResource, encodeResource } from './encoded-resource.ts';
import { InlineRoutes } from './inline-routes.ts';
import { SharedParts, type Variant } from './shared-parts.ts';

/** What changes of one type; names are resource names, contents are messages of the type's schema or their bytes. */
export interface ViewChange {
  readonly type: XdsType;
  readonly upserts?: ReadonlyMap<string, Message | Uint8Array> | undefined;
  readonly removals?: Iterable<string> | undefined;
}

export interface ViewOptions {
  /** For logs and the status page. */
  readonly name: string;
  /** The one proxy that may look at this view. Needed to hold secrets. */
  readonly owner?: string | undefined;
}

/**
 * Steps count over all views of the process, so that "the clusters of the shared view as of this listener of the
 * proxy's own view" is a comparison of two numbers.
 */
let lastStep = 0;

export class ResourceView {
  readonly name: string;
  readonly owner: string | undefined;
  /** Made when first asked for: most views hold a few types, and there is a view for every proxy. */
  readonly #parts = new Map<XdsType, SharedParts>();
  readonly #listeners = new Set<() => void>();
  #inlineRoutes: InlineRoutes | undefined;

  constructor(options: ViewOptions) {
    this.name = options.name;
    this.owner = options.owner;
  }

  /**
   * Applies all changes as one step and returns how many resources really changed; equal ones are not counted and
   * cause no push. Either everything is applied or, when something cannot be encoded, nothing.
   */
  update(changes: ViewChange | readonly ViewChange[]): number {
    const list: readonly ViewChange[] = 'type' in changes ? [changes] : changes;
    const encoded = list.map((change) => this.#encode(change));
    lastStep += 1;
    let changed = 0;
    for (const { log, upserts, removals } of encoded) {
      for (const name of removals) if (log.remove(name, lastStep)) changed += 1;
      for (const resource of upserts) if (log.upsert(resource, lastStep)) changed += 1;
    }
    if (this.#inlineRoutes !== undefined) {
      const names = (type: XdsType) =>
        encoded
          .filter(({ log }) => log === this.log(type))
          .flatMap(({ upserts, removals }) => [...upserts.map(({ name }) => name), ...removals]);
      this.#inlineRoutes.update(lastStep, names('RDS'), names('VHDS'));
    }
    if (changed > 0) for (const listener of this.#listeners) listener();
    return changed;
  }

  /** Makes `resources` all there is of a type: what is not among them is removed. */
  replace(type: XdsType, resources: ReadonlyMap<string, Message | Uint8Array>): number {
    const removals = [...this.log(type).live.keys()].filter((name) => !resources.has(name));
    return this.update({ type, upserts: resources, removals });
  }

  get(type: XdsType, name: string): EncodedResource | undefined {
    return this.log(type).live.get(name)?.resource;
  }

  names(type: XdsType): IterableIterator<string> {
    return this.log(type).live.keys();
  }

  /** Called after each update that changed something; the returned function ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For the ADS server. */
  log(type: XdsType): ChangeLog {
    return this.parts(type).log;
  }

  /** For the ADS server. */
  parts(type: XdsType, variant: Variant = 'delta'): SharedParts {
    if (type === 'RDS' && variant === 'sotw') {
      this.#inlineRoutes ??= new InlineRoutes(this.log('RDS'), this.log('VHDS'));
      return this.#inlineRoutes.parts;
    }
    const parts = this.#parts.get(type) ?? new SharedParts(new ChangeLog());
    this.#parts.set(type, parts);
    return parts;
  }

  #encode(change: ViewChange): { log: ChangeLog; upserts: EncodedResource[]; removals: string[] } {
    const rules = rulesOf(change.type);
    const contents = [...(change.upserts ?? [])];
    if (rules.isPrivate && this.owner === undefined && contents.length > 0) {
      throw new MeshwiseError('MW5003', `view ${this.name} has no owner and cannot hold ${change.type} resources`);
    }
    const upserts = contents.map(([name, content]) => {
      if (!(content instanceof Uint8Array) && content.$typeName !== rules.schema.typeName) {
        throw new TypeError(`${change.type} ${name} is a ${content.$typeName}, not a ${rules.schema.typeName}`);
      }
      return encodeResource(rules, name, content, { isOwn: this.owner !== undefined });
    });
    const replaced = new Set(contents.map(([name]) => name));
    return {
      log: this.log(change.type),
      upserts,
      removals: [...(change.removals ?? [])].filter((name) => !replaced.has(name)),
    };
  }
}
