import type { MeshModel, Residue, ResourceChange } from '@meshwise/model';
import { keyText, type Resource, type ResourceKey } from '@meshwise/resources';

/** What a write would change; absent: not there. */
export interface ProposedChange {
  readonly key: ResourceKey;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
}

/** What would be said of resources after a change. */
export interface Judgement {
  /** Of the changed resources, by `keyText`. */
  readonly own: ReadonlyMap<string, readonly Residue[]>;
  /** Of others, only what is not said of them already. */
  readonly others: ReadonlyMap<string, readonly Residue[]>;
}

/**
 * Says what the mesh would make of a change before it is made: on a model of its own that follows the store, to which
 * the change is done and undone again within one turn of the event loop.
 */
export class Judge {
  readonly #model: MeshModel;

  /** `model` has the same readers and settings as the one that drives the proxies, and is used by nobody else. */
  constructor(model: MeshModel) {
    this.#model = model;
  }

  judge(changes: readonly ProposedChange[]): Judgement {
    const before = this.#model.residues();
    this.#model.update(changes.map(({ key, after }) => changeTo(key, after)));
    try {
      const after = this.#model.residues();
      const keys = new Set(changes.map(({ key }) => keyText(key)));
      const own = new Map([...keys].map((key) => [key, after.get(key) ?? []]));
      const others = new Map<string, readonly Residue[]>();
      for (const [key, residues] of after) {
        if (keys.has(key) || before.get(key) === residues) continue;
        const known = new Set((before.get(key) ?? []).map(textOf));
        const added = residues.filter((residue) => !known.has(textOf(residue)));
        if (added.length > 0) others.set(key, added);
      }
      return { own, others };
    } finally {
      this.#model.update(changes.map(({ key, before: was }) => changeTo(key, was)));
    }
  }
}

function changeTo(key: ResourceKey, resource: Resource | undefined): ResourceChange {
  return resource === undefined ? { type: 'delete', key } : { type: 'upsert', resource };
}

function textOf({ origin, message }: Residue): string {
  return `${keyText(origin.resource)} ${origin.field ?? ''} ${message}`;
}
