import type { MeshModel, ProxyDescriptor, Residue, ResourceChange } from '@meshwise/model';
import { keyText, type Resource, type ResourceKey } from '@meshwise/resources';
import { type ControlPlane, type JudgedPlans, judgedPlans } from '@meshwise/xds';
import { type LockOut, LockOuts, saysWhoMayTalk } from '../access/lock-outs.ts';

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
  /** Ports to which nobody may come any more. */
  readonly lockOuts: readonly LockOut[];
  /** What an Envoy has to be asked about; absent when nothing of the change could be refused by one. */
  readonly plans?: JudgedPlans;
}

/** The mesh that runs, whose proxies the change is for. */
export interface LiveMesh {
  readonly model: Pick<MeshModel, 'proxies' | 'scopeOf'>;
  readonly plane: Pick<ControlPlane, 'judge'>;
}

/** Proxies whose plans are made for one request. */
const MAX_ASKED = 8;

/** Kinds with words that only an Envoy understands: patches, scripts, conditions. */
const ASKED_ABOUT: ReadonlySet<string> = new Set(['EnvoyFilter', 'Telemetry', 'TrafficPolicy']);

/**
 * Plans of all scopes are a lot to ask a model for: with 800 services in 30 namespaces the daemon does nothing else for
 * seconds. Of a VirtualService only regular expressions have to be asked about, and most have none.
 */
function isAskedAbout({ after }: ProposedChange): boolean {
  if (after === undefined) return false;
  return ASKED_ABOUT.has(after.kind) || (after.kind === 'VirtualService' && /regex/i.test(JSON.stringify(after)));
}

/**
 * Says what the mesh would make of a change before it is made: on a model of its own that follows the store, to which
 * the change is done and undone again within one turn of the event loop.
 */
export class Judge {
  readonly #model: MeshModel;
  readonly #live: LiveMesh | undefined;

  /**
   * `model` has the same readers and settings as the one that drives the proxies, and is used by nobody else. Without a
   * live mesh no Envoy is asked.
   */
  constructor(model: MeshModel, live?: LiveMesh) {
    this.#model = model;
    this.#live = live;
  }

  /** What an Envoy refuses of the changed resources, by `keyText`. */
  async refusals(
    changes: readonly ProposedChange[],
    { plans }: Judgement,
  ): Promise<ReadonlyMap<string, readonly Residue[]>> {
    if (plans === undefined || this.#live === undefined) return new Map();
    const keys = new Set(changes.map(({ key }) => keyText(key)));
    const said = await this.#live.plane.judge(plans);
    return new Map([...said].filter(([key]) => keys.has(key)));
  }

  judge(changes: readonly ProposedChange[]): Judgement {
    const before = this.#model.residues();
    const live = this.#live?.model;
    const access = live !== undefined && saysWhoMayTalk(changes) ? new LockOuts(this.#model, live, changes) : undefined;
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
      const plans = this.#plansFor(changes);
      return { own, others, lockOuts: access?.found() ?? [], ...(plans === undefined ? {} : { plans }) };
    } finally {
      this.#model.update(changes.map(({ key, before: was }) => changeTo(key, was)));
    }
  }

  /**
   * One sidecar of each scope sees what all of them see; every gateway has listeners of its own. Whether an Envoy takes
   * the words of a resource does not depend on who sees it, so a few of those that do are asked for.
   */
  #plansFor(changes: readonly ProposedChange[]): JudgedPlans | undefined {
    const live = this.#live;
    if (live === undefined || !changes.some(isAskedAbout)) return undefined;
    const namespaces = new Set(changes.map(({ key }) => key.namespace).filter((namespace) => namespace !== ''));
    const chosen = new Map<string, ProxyDescriptor>();
    for (const proxy of live.model.proxies()) {
      const isNear = proxy.role === 'gateway' || namespaces.has(proxy.namespace);
      const place = proxy.role === 'gateway' ? proxy.id : live.model.scopeOf(proxy.id);
      if (proxy.role !== 'node' && isNear && chosen.size < MAX_ASKED) chosen.set(place, proxy);
    }
    const proxies = [...chosen.values()];
    try {
      return judgedPlans(
        this.#model,
        [...namespaces].map((namespace) => `sidecar/${namespace}`),
        proxies,
      );
    } finally {
      for (const { id } of proxies) this.#model.removeProxy(id);
    }
  }
}

function changeTo(key: ResourceKey, resource: Resource | undefined): ResourceChange {
  return resource === undefined ? { type: 'delete', key } : { type: 'upsert', resource };
}

function textOf({ origin, message }: Residue): string {
  return `${keyText(origin.resource)} ${origin.field ?? ''} ${message}`;
}
