import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { type MeshModel, type ProxyDescriptor, spiffeId } from '@meshwise/model';
import type { ProxyCredentials } from '../ads/credentials.ts';
import type { AdsServer } from '../ads/server.ts';
import type { ProxyStatus } from '../ads/status.ts';
import { dnsResources, gatewayResources, workloadResources } from '../envoy/proxy-view.ts';
import type { EnvoyResource } from '../envoy/resource.ts';
import { ProxyEntry } from './proxy-entry.ts';
import { ScopeViews } from './scope-views.ts';
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
  /** Changes within this time are published together. Default 5; more than a second delays people. Istio: PILOT_DEBOUNCE_AFTER. */
  readonly debounceMs?: number;
}

export interface ControlPlane {
  /** Adds a proxy, or replaces the description of a known one; its views are complete when this returns. */
  setProxy(proxy: ProxyDescriptor, credentials?: ProxyCredentials): void;
  removeProxy(id: string): void;
  /** The model has changed: what follows from it is published shortly. */
  changed(): void;
  /** Publishes now what `changed` would publish shortly; returns how many resources changed. */
  publish(): number;
  status(id: string): ProxyStatus | undefined;
  /** Stops publishing. Proxies keep what they have; the ADS server is closed by whoever opened it. */
  close(): void;
}

export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  return new Publisher(options);
}

const DEBOUNCE_MS = 5;

/**
 * Keeps every proxy's views as the model says. Asks for the scopes and proxies in use only, and relies on identity
 * throughout: plans that are the same objects are not looked at, resources that are the same objects are not encoded.
 */
class Publisher implements ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #secrets: SecretPrinter;
  readonly #proxies = new Map<string, ProxyEntry>();
  readonly #scopes = new Map<string, ScopeViews>();
  readonly #endSecrets: () => void;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.#secrets = new SecretPrinter(options.secrets);
    this.#endSecrets = options.secrets.onChange(() => {
      this.#secrets.changed();
      this.changed();
    });
  }

  setProxy(proxy: ProxyDescriptor, credentials?: ProxyCredentials): void {
    const { model, ads, secrets } = this.#options;
    const known = this.#proxies.get(proxy.id);
    const entry = known ?? new ProxyEntry(proxy);
    if (proxy.identity !== undefined) secrets.want(proxy.identity);
    const before = known?.descriptor;
    entry.descriptor = proxy;
    if (before !== undefined) this.#releaseIdentity(before);
    this.#proxies.set(proxy.id, entry);
    model.setProxy(proxy);
    if (known === undefined) ads.addProxy({ id: proxy.id, views: [entry.own.view], credentials });
    this.#publishScopes();
    this.#publishProxy(entry);
  }

  removeProxy(id: string): void {
    const entry = this.#proxies.get(id);
    if (entry === undefined) return;
    this.#proxies.delete(id);
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
    const inUse = new Map<string, { explicitProxy: boolean }>();
    for (const entry of this.#proxies.values()) {
      const scope = model.scopeOf(entry.descriptor.id);
      const explicitProxy = entry.hasUncapturedWorkloads || inUse.get(scope)?.explicitProxy === true;
      inUse.set(scope, { explicitProxy });
    }
    let changed = 0;
    for (const [scope, needs] of inUse) {
      const views = this.#scopes.get(scope) ?? new ScopeViews(scope);
      this.#scopes.set(scope, views);
      changed += this.#guarded({ scope }, () => views.publish(model.outbound(scope), needs));
    }
    const isLeft = (scope: string) => [...this.#proxies.values()].some((entry) => entry.scope === scope);
    for (const scope of this.#scopes.keys()) if (!inUse.has(scope) && !isLeft(scope)) this.#scopes.delete(scope);
    return changed;
  }

  #publishProxy(entry: ProxyEntry): number {
    const { model, ads } = this.#options;
    const { id, role } = entry.descriptor;
    return this.#guarded({ proxy: id }, () => {
      const changed = entry.own.publish(this.#ownResources(entry.descriptor));
      const scope = model.scopeOf(id);
      const shared = this.#scopes.get(scope);
      if (entry.scope !== scope && shared !== undefined) {
        ads.setViews(id, [entry.own.view, ...shared.viewsFor(role)]);
        entry.scope = scope;
      }
      return changed;
    });
  }

  #ownResources(proxy: ProxyDescriptor): EnvoyResource[] {
    const { model } = this.#options;
    const secrets = proxy.identity === undefined ? [] : this.#secrets.secretsOf(proxy.identity);
    if (proxy.role === 'gateway') {
      const gateway = proxy.gateway === undefined ? [] : gatewayResources(model.gateway(proxy.id), proxy.gateway);
      return [...secrets, ...gateway];
    }
    const { dns } = model.outbound(model.scopeOf(proxy.id));
    return [
      ...secrets,
      ...model.inbound(proxy.id).flatMap((inbound) => workloadResources(inbound, proxy)),
      ...dnsResources(dns, proxy, this.#options.dnsAddress ?? DNS_ADDRESS),
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
