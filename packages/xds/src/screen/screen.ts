import type { GatewayPlan, InboundPlan, OutboundPlan, PatchPlan } from '@meshwise/model';
import type { EnvoyResource } from '../envoy/resource.ts';
import type { PatchedRole } from '../patch/apply-patches.ts';
import type { Gate } from './gate.ts';
import { ScreenReport } from './report.ts';
import { Patching, type PatchingOptions, resourceKey } from './screen-patches.ts';
import { screenedGateway, screenedInbound, screenedOutbound } from './screen-plans.ts';
import { isDoubtful } from './screen-security.ts';

/** What ADD brings to a proxy by itself; the rest it brings to the whole scope. */
const OWN: Readonly<Record<PatchedRole, PatchingOptions['adds']>> = {
  gateway: { contexts: ['ANY', 'GATEWAY'], targets: ['LISTENER', 'EXTENSION_CONFIG'] },
  sidecar: { contexts: ['SIDECAR_INBOUND'], targets: ['LISTENER', 'CLUSTER', 'EXTENSION_CONFIG'] },
};

interface Stage {
  readonly inputs: readonly unknown[];
  readonly revision: number;
  readonly report: ScreenReport;
  readonly output: unknown;
}

/**
 * The screen of one scope or one proxy. It remembers what it let through: the same again costs a comparison of
 * references, and where what is new is not right, what was there before stays.
 */
export class Screen {
  readonly #gate: Gate;
  readonly #source: string;
  readonly #stages = new Map<string, Stage>();
  readonly #published = new Map<string, readonly EnvoyResource[]>();
  /** Of workloads, what was let through last. */
  #inbound = new Map<string, InboundPlan>();

  constructor(gate: Gate, source: string) {
    this.#gate = gate;
    this.#source = source;
  }

  /** Something was held back, and there may be an answer now. */
  get isDue(): boolean {
    return [...this.#stages.values()].some((stage) => this.#isOld(stage));
  }

  close(): void {
    for (const name of [...this.#stages.keys()]) this.#leave(name);
  }

  outbound(plan: OutboundPlan): OutboundPlan {
    return this.#stage('outbound', [plan], (report, before: OutboundPlan | undefined) =>
      screenedOutbound(plan, before, this.#gate.verdicts, report),
    );
  }

  gateway(plan: GatewayPlan): GatewayPlan {
    return this.#stage('gateway', [plan], (report, before: GatewayPlan | undefined) =>
      screenedGateway(plan, before, this.#gate.verdicts, report),
    );
  }

  /** All of a proxy: what was said of others before is no longer true. */
  inbound(plans: readonly InboundPlan[]): readonly InboundPlan[] {
    const nameOf = ({ workload }: InboundPlan) => `inbound ${workload.namespace}/${workload.pod}`;
    const risky = new Map(plans.filter(hasRisks).map((plan) => [nameOf(plan), plan]));
    for (const name of [...this.#stages.keys()]) {
      if (name.startsWith('inbound ') && !risky.has(name)) this.#leave(name);
    }
    const screened = new Map<InboundPlan, InboundPlan>();
    for (const [name, plan] of risky) {
      const before = this.#inbound.get(name);
      const next = this.#stage(name, [plan], (report) => screenedInbound(plan, before, this.#gate.verdicts, report));
      screened.set(plan, next);
    }
    const all = plans.map((plan) => screened.get(plan) ?? plan);
    this.#inbound = new Map(all.map((plan) => [nameOf(plan), plan]));
    return all;
  }

  /** What the proxies of a scope share, with patches: where they send to, and how they understand what is sent. */
  scope(
    plan: OutboundPlan,
    destinations: readonly EnvoyResource[],
    capture: readonly EnvoyResource[],
  ): Record<'destinations' | 'capture' | 'all', readonly EnvoyResource[]> {
    const role = plan.scope.startsWith('gateway/') ? 'gateway' : 'sidecar';
    const contexts = ['ANY', role === 'gateway' ? 'GATEWAY' : 'SIDECAR_OUTBOUND'] as const;
    const clusters = this.#patched('destinations', destinations, plan.patches, {
      role,
      adds: { contexts, targets: ['CLUSTER'] },
    });
    // A gateway's listeners are its own.
    const targets = role === 'gateway' ? [] : (['LISTENER', 'EXTENSION_CONFIG'] as const);
    const captured = this.#patched('capture', capture, plan.patches, { role, adds: { contexts, targets } }, clusters);
    return { destinations: clusters, capture: captured, all: [...clusters, ...captured] };
  }

  /** What is a proxy's own, with patches; `elsewhere` is what else it may refer to. */
  own(
    role: PatchedRole,
    resources: readonly EnvoyResource[],
    patches: readonly PatchPlan[] | undefined,
    elsewhere: readonly EnvoyResource[],
  ): readonly EnvoyResource[] {
    return this.#patched('own', resources, patches, { role, adds: OWN[role] }, elsewhere);
  }

  #patched(
    view: string,
    resources: readonly EnvoyResource[],
    patches: readonly PatchPlan[] | undefined,
    options: Pick<PatchingOptions, 'role' | 'adds'>,
    elsewhere: readonly EnvoyResource[] = [],
  ): readonly EnvoyResource[] {
    const before = this.#published.get(view);
    if (patches === undefined) this.#leave(`patched ${view}`);
    const next =
      patches === undefined
        ? resources
        : this.#stage(`patched ${view}`, [patches, ...resources, null, ...elsewhere], (report) => {
            const known = byKey(elsewhere);
            const settings: PatchingOptions = {
              ...options,
              patches,
              before: byKey(before ?? []),
              existsElsewhere: (type, name) => known.has(`${type}/${name}`),
            };
            return new Patching(settings, this.#gate.verdicts, report).of(resources);
          });
    this.#published.set(view, next);
    return next;
  }

  #stage<T>(name: string, inputs: readonly unknown[], work: (report: ScreenReport, before: T | undefined) => T): T {
    const known = this.#stages.get(name);
    if (known !== undefined && !this.#isOld(known) && isSame(known.inputs, inputs)) return known.output as T;
    const { revision } = this.#gate;
    const report = new ScreenReport();
    const output = work(report, known?.output as T | undefined);
    this.#stages.set(name, { inputs, revision, report, output });
    this.#gate.report(`${this.#source} ${name}`, report);
    return output;
  }

  #isOld({ report, revision }: Stage): boolean {
    return report.isWaiting && revision !== this.#gate.revision;
  }

  #leave(name: string): void {
    if (this.#stages.delete(name)) this.#gate.forget(`${this.#source} ${name}`);
  }
}

function hasRisks({ telemetry, ports, security }: InboundPlan): boolean {
  if (security !== undefined && isDoubtful(security)) return true;
  const hasFilters = telemetry?.accessLogs.some(({ filter }) => filter !== undefined) === true;
  return hasFilters || ports.some(({ globalRateLimits = [] }) => globalRateLimits.length > 0);
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function byKey(resources: readonly EnvoyResource[]): ReadonlyMap<string, EnvoyResource> {
  return new Map(resources.map((resource) => [resourceKey(resource), resource]));
}
