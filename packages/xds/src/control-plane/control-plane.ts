import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { type MeshModel, type ProxyDescriptor, type Residue, spiffeId } from '@meshwise/model';
import type { ProxyCredentials } from '../ads/credentials.ts';
import type { AdsServer } from '../ads/server.ts';
import type { ProxyStatus } from '../ads/status.ts';
import { clientSecrets } from '../envoy/client-tls.ts';
import type { Outside } from '../envoy/outside.ts';
import { dnsResources, exitResources, gatewayResources, workloadResources } from '../envoy/proxy-view.ts';
import type { EnvoyResource } from '../envoy/resource.ts';
import { Gate } from '../screen/gate.ts';
import { type JudgedPlans, screenedPlans } from '../screen/judge.ts';
import { type ScratchEnvoy, Verdicts } from '../validate/verdicts.ts';
import { ProxyEntry } from './proxy-entry.ts';
import { type ScopeUse, ScopeViews } from './scope-views.ts';
import { SecretPrinter } from './secret-printer.ts';
import type { SecretSource } from './secret-source.ts';

/** The address at which workloads ask for names, inside their own namespace. */
export const DNS_ADDRESS = '10.96.0.10';

export interface ControlPlaneOptions {
  readonly model: MeshModel;
  readonly ads: Pick<AdsServer, 'addProxy' | 'setViews' | 'removeProxy' | 'proxyStatus'>;
  readonly secrets: SecretSource;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the DNS listener of captured workloads binds. Default 10.96.0.10, as the clusters' own resolver. */
  readonly dnsAddress?: string;
  /** Where the rate-limit service listens; without it no proxy asks it, and global limits do not hold. */
  readonly rateLimitSocketPath?: string;
  /**
   * Judges what only an Envoy can judge (regular expressions, patches) before any proxy gets it. Without, patches are
   * applied unchecked, which is said on them.
   */
  readonly scratch?: ScratchEnvoy;
  /** How connections leave the mesh. Default: from where the proxies run. */
  readonly outside?: Outside;
  /** Changes within this time are published together. Default 5; more than a second delays people. Istio: PILOT_DEBOUNCE_AFTER. */
  readonly debounceMs?: number;
}

export interface ControlPlane {
  /**
   * Adds a proxy, or replaces the description of a known one; its views are complete when this returns, but for what
   * waits for a verdict (`settled`).
   */
  setProxy(proxy: ProxyDescriptor, credentials?: ProxyCredentials): void;
  removeProxy(id: string): void;
  /** The model has changed: what follows from it is published shortly. */
  changed(): void;
  /** Publishes now what `changed` would publish shortly; returns how many resources changed. */
  publish(): number;
  /** Resolves when nothing that is published waits for a verdict. */
  settled(): Promise<void>;
  /** What was found wrong with resources when they were printed, by `keyText`; besides the model's own residues. */
  residues(): ReadonlyMap<string, readonly Residue[]>;
  /** What `residues` would say if these plans (`judgedPlans`) were published. Publishes nothing. */
  judge(plans: JudgedPlans): Promise<ReadonlyMap<string, readonly Residue[]>>;
  status(id: string): ProxyStatus | undefined;
  /** Stops publishing. Proxies keep what they have; the ADS server is closed by whoever opened it. */
  close(): void;
}

export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  return new Publisher(options);
}

/** A gRPC client has a stream for each name that it calls (gRPC proposal A71). */
const GRPC_STREAMS = 200;
const DEBOUNCE_MS = 5;
const MAX_ROUNDS = 64;

/**
 * Keeps every proxy's views as the model says. Asks for the scopes and proxies in use only, and relies on identity
 * throughout: plans that are the same objects are not looked at, resources that are the same objects are not encoded.
 */
class Publisher implements ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #secrets: SecretPrinter;
  readonly #proxies = new Map<string, ProxyEntry>();
  readonly #scopes = new Map<string, ScopeViews>();
  readonly #verdicts: Verdicts;
  readonly #gate: Gate;
  readonly #endSecrets: () => void;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.#secrets = new SecretPrinter(options.secrets);
    const verdicts = new Verdicts(
      options.scratch,
      () => {
        this.#gate.advance();
        this.changed();
      },
      options.clock,
    );
    this.#verdicts = verdicts;
    this.#gate = new Gate(verdicts);
    this.#endSecrets = options.secrets.onChange(() => {
      this.#secrets.changed();
      this.changed();
    });
  }

  setProxy(proxy: ProxyDescriptor, credentials?: ProxyCredentials): void {
    const { model, ads, secrets } = this.#options;
    const known = this.#proxies.get(proxy.id);
    const entry = known ?? new ProxyEntry(proxy, this.#gate);
    if (proxy.identity !== undefined) secrets.want(proxy.identity);
    const before = known?.descriptor;
    entry.descriptor = proxy;
    if (before !== undefined) this.#releaseIdentity(before);
    this.#proxies.set(proxy.id, entry);
    model.setProxy(proxy);
    if (known === undefined) {
      const streams = proxy.client === 'grpc' ? GRPC_STREAMS : undefined;
      ads.addProxy({ id: proxy.id, views: [entry.own.view], credentials, streams });
    }
    const scope = model.scopeOf(proxy.id);
    this.#publishScope(scope, either(entry.use, this.#scopes.get(scope)?.use));
    this.#publishProxy(entry);
  }

  removeProxy(id: string): void {
    const entry = this.#proxies.get(id);
    if (entry === undefined) return;
    this.#proxies.delete(id);
    entry.screen.close();
    this.#options.ads.removeProxy(id);
    this.#options.model.removeProxy(id);
    this.#releaseIdentity(entry.descriptor);
    this.changed();
  }

  changed(): void {
    if (this.#closed || this.#cancelTimer !== undefined) return;
    this.#cancelTimer = this.#options.clock.after(this.#options.debounceMs ?? DEBOUNCE_MS, () => this.publish());
  }

  publish(): number {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#closed) return 0;
    let changed = this.#publishScopes();
    for (const entry of this.#proxies.values()) changed += this.#publishProxy(entry);
    return changed;
  }

  async settled(): Promise<void> {
    // A verdict may lead to the next question, as patches are tried one by one; what cannot be printed leads to none.
    for (let round = 0; round < MAX_ROUNDS && !this.#closed && this.#isUnsettled(); round += 1) {
      await this.#verdicts.settled();
      this.publish();
    }
  }

  /** There are questions, or answers that are not published yet. */
  #isUnsettled(): boolean {
    return this.#verdicts.isAsking || (this.#gate.isWaiting && this.#cancelTimer !== undefined);
  }

  residues(): ReadonlyMap<string, readonly Residue[]> {
    return this.#gate.residues();
  }

  async judge(plans: JudgedPlans): Promise<ReadonlyMap<string, readonly Residue[]>> {
    return (await screenedPlans(plans, this.#verdicts.aside())).residues;
  }

  status(id: string): ProxyStatus | undefined {
    return this.#options.ads.proxyStatus(id);
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#endSecrets();
    for (const { descriptor } of this.#proxies.values()) this.#releaseIdentity(descriptor);
  }

  #publishScopes(): number {
    const { model } = this.#options;
    const inUse = new Map<string, ScopeUse>();
    for (const entry of this.#proxies.values()) {
      const scope = model.scopeOf(entry.descriptor.id);
      inUse.set(scope, either(entry.use, inUse.get(scope)));
    }
    let changed = 0;
    for (const [scope, use] of inUse) changed += this.#publishScope(scope, use);
    const isLeft = (scope: string) => [...this.#proxies.values()].some((entry) => entry.scope === scope);
    for (const [scope, views] of this.#scopes) {
      if (inUse.has(scope) || isLeft(scope)) continue;
      views.close();
      this.#scopes.delete(scope);
    }
    return changed;
  }

  #publishScope(scope: string, use: ScopeUse): number {
    const views = this.#scopes.get(scope) ?? new ScopeViews(scope, this.#gate);
    this.#scopes.set(scope, views);
    const { model, rateLimitSocketPath } = this.#options;
    return this.#guarded({ scope }, () =>
      views.publish(model.outbound(scope), { ...use, rateLimitSocketPath, outside: this.#options.outside }),
    );
  }

  #publishProxy(entry: ProxyEntry): number {
    const { model, ads } = this.#options;
    const { id } = entry.descriptor;
    return this.#guarded({ proxy: id }, () => {
      const changed = entry.own.publish(this.#ownResources(entry));
      const scope = model.scopeOf(id);
      const shared = this.#scopes.get(scope);
      if (entry.scope !== scope && shared !== undefined) {
        ads.setViews(id, [entry.own.view, ...shared.viewsFor(entry.descriptor)]);
        entry.scope = scope;
      }
      return changed;
    });
  }

  #ownResources({ descriptor: proxy, screen }: ProxyEntry): readonly EnvoyResource[] {
    if (proxy.client === 'grpc') return [];
    const { model } = this.#options;
    const scope = model.scopeOf(proxy.id);
    const outbound = model.outbound(scope);
    const identity = proxy.identity === undefined ? [] : this.#secrets.secretsOf(proxy.identity);
    const secrets = [...identity, ...clientSecrets(outbound)];
    const elsewhere = this.#scopes.get(scope)?.resources ?? [];
    if (proxy.role === 'gateway') {
      const plan = screen.gateway(model.gateway(proxy.id));
      const gateway = proxy.gateway === undefined ? [] : gatewayResources(plan, proxy, this.#options.outside);
      return [...secrets, ...screen.own('gateway', gateway, plan.patches, elsewhere)];
    }
    const plans = screen.inbound(model.inbound(proxy.id));
    const workloads = plans.flatMap((inbound) => workloadResources(inbound, proxy, outbound));
    return [
      ...secrets,
      ...screen.own('sidecar', workloads, plans[0]?.patches, elsewhere),
      ...exitResources(outbound, proxy, this.#options.outside),
      ...dnsResources(outbound.dns, proxy, this.#options.dnsAddress ?? DNS_ADDRESS, this.#options.outside),
    ];
  }

  #releaseIdentity({ identity }: ProxyDescriptor): void {
    if (identity === undefined) return;
    this.#options.secrets.release(identity);
    const id = spiffeId(identity);
    const users = [...this.#proxies.values()].map(({ descriptor }) => descriptor.identity);
    if (!users.some((user) => user !== undefined && spiffeId(user) === id)) this.#secrets.forget(identity);
  }

  /** What cannot be printed is said, and the proxies keep the last good configuration. */
  #guarded(subject: { readonly scope?: string; readonly proxy?: string }, publish: () => number): number {
    try {
      return publish();
    } catch (error) {
      const { code, message } = MeshwiseError.from(error);
      this.#options.logger.error('configuration could not be published', { ...subject, code, message });
      return 0;
    }
  }
}

function either(one: ScopeUse, other: ScopeUse | undefined): ScopeUse {
  return {
    explicitProxy: one.explicitProxy || other?.explicitProxy === true,
    proxyless: one.proxyless || other?.proxyless === true,
  };
}
