import type { Clock } from '@meshwise/core';
import type { Identity, MeshModel, OutboundPlan, ProxyDescriptor } from '@meshwise/model';
import type { ControlPlanePort } from '@meshwise/platform';
import {
  type AdsEndpoint,
  type AdsServer,
  type BootstrapOptions,
  bootstrap,
  type ControlPlane,
  type SecretSource,
} from '@meshwise/xds';

/** Certificates, and who is not to have one. */
export type ControlSecrets = SecretSource & { isOut(identity: Identity): boolean };

/** Longer than one script that never ends is asked about; pods start meanwhile without. */
const SETTLE_LIMIT_MS = 10_000;

/**
 * The control plane as the platform asks for it. Every proxy gets a socket of its own to call on: who can open it, is that
 * proxy, and nobody else is told the proxy's secrets.
 */
export class MeshControl implements ControlPlanePort {
  readonly #ads: AdsServer;
  readonly #plane: ControlPlane;
  readonly #secrets: ControlSecrets;
  readonly #model: MeshModel;
  readonly #clock: Clock;
  readonly #resolver: BootstrapOptions['resolver'];
  readonly #endpoints = new Map<string, AdsEndpoint>();
  /** Proxies that somebody else starts and stops. */
  readonly #attached = new Set<string>();
  readonly #healthy = new WeakMap<OutboundPlan, ReadonlySet<string>>();

  /** `resolver` answers the proxies' questions for names outside of the mesh. */
  constructor(
    ads: AdsServer,
    plane: ControlPlane,
    secrets: ControlSecrets,
    model: MeshModel,
    clock: Clock,
    resolver?: BootstrapOptions['resolver'],
  ) {
    this.#resolver = resolver;
    this.#ads = ads;
    this.#model = model;
    this.#clock = clock;
    this.#secrets = secrets;
    this.#plane = plane;
  }

  async setProxy(proxy: ProxyDescriptor, adsSocketPath: string): Promise<void> {
    this.#plane.setProxy(proxy, { socketPath: adsSocketPath });
    await this.#untilIssued(proxy);
    // What waits for a verdict would be missing from the first answer, which is how a proxy is told that it is gone.
    await this.#settled();
    if (!this.#endpoints.has(proxy.id)) {
      this.#endpoints.set(proxy.id, await this.#ads.listen({ socketPath: adsSocketPath, mode: 0o600 }));
    }
  }

  /** For so long: what is still held back then reaches the proxy when it is known. */
  async #settled(): Promise<void> {
    const end = new AbortController();
    const limit = this.#clock.sleep(SETTLE_LIMIT_MS, end.signal).catch(() => undefined);
    await Promise.race([this.#plane.settled(), limit]);
    end.abort();
  }

  /** The same for a process that somebody else runs: while it does not, nobody waits for it. */
  async attach(proxy: ProxyDescriptor, adsSocketPath: string): Promise<void> {
    this.#attached.add(proxy.id);
    await this.setProxy(proxy, adsSocketPath);
  }

  /** A proxy that connects before its certificate is there would be told that there is none; one that gets none is. */
  async #untilIssued({ identity }: ProxyDescriptor): Promise<void> {
    if (identity === undefined) return;
    const isSettled = () => this.#secrets.get(identity) !== undefined || this.#secrets.isOut(identity);
    if (isSettled()) return;
    await new Promise<void>((resolve) => {
      const end = this.#secrets.onChange(() => {
        if (!isSettled()) return;
        end();
        resolve();
      });
    });
  }

  async removeProxy(proxyId: string): Promise<void> {
    this.#attached.delete(proxyId);
    this.#plane.removeProxy(proxyId);
    const endpoint = this.#endpoints.get(proxyId);
    this.#endpoints.delete(proxyId);
    await endpoint?.close();
  }

  bootstrap(proxy: ProxyDescriptor, paths: { adsSocketPath: string; adminSocketPath: string }): unknown {
    return bootstrap({ proxy, ...paths, ...(this.#resolver === undefined ? {} : { resolver: this.#resolver }) });
  }

  sendsTo(podIp: string): boolean {
    const model = this.#model;
    const scopes = new Set(model.proxies().map(({ id }) => model.scopeOf(id)));
    for (const scope of scopes) if (this.#addresses(model.outbound(scope)).has(podIp)) return true;
    // What the answer rests on is on its way to the proxies before anyone asks whether they have it.
    this.#plane.publish();
    return false;
  }

  /** Plans stay the same objects while nothing changes, so each is read once. */
  #addresses(plan: OutboundPlan): ReadonlySet<string> {
    const known = this.#healthy.get(plan);
    if (known !== undefined) return known;
    const endpoints = plan.endpoints.flatMap((cluster) => cluster.endpoints);
    const healthy = new Set(endpoints.filter(({ health }) => health === 'healthy').map(({ address }) => address));
    this.#healthy.set(plan, healthy);
    return healthy;
  }

  allSynced(): boolean {
    return this.#ads
      .proxyStatuses()
      .every(({ id, connectedSinceMs, synced }) => (connectedSinceMs === undefined ? this.#attached.has(id) : synced));
  }
}
