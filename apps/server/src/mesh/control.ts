import type { ProxyDescriptor } from '@meshwise/model';
import type { ControlPlanePort } from '@meshwise/platform';
import { type AdsEndpoint, type AdsServer, bootstrap, type ControlPlane } from '@meshwise/xds';

/**
 * The control plane as the platform asks for it. Every proxy gets a socket of its own to call on: who can open it, is that
 * proxy, and nobody else is told the proxy's secrets.
 */
export class MeshControl implements ControlPlanePort {
  readonly #ads: AdsServer;
  readonly #plane: ControlPlane;
  readonly #endpoints = new Map<string, AdsEndpoint>();

  constructor(ads: AdsServer, plane: ControlPlane) {
    this.#ads = ads;
    this.#plane = plane;
  }

  async setProxy(proxy: ProxyDescriptor, adsSocketPath: string): Promise<void> {
    this.#plane.setProxy(proxy, { socketPath: adsSocketPath });
    if (!this.#endpoints.has(proxy.id)) {
      this.#endpoints.set(proxy.id, await this.#ads.listen({ socketPath: adsSocketPath, mode: 0o600 }));
    }
  }

  async removeProxy(proxyId: string): Promise<void> {
    this.#plane.removeProxy(proxyId);
    const endpoint = this.#endpoints.get(proxyId);
    this.#endpoints.delete(proxyId);
    await endpoint?.close();
  }

  bootstrap(proxy: ProxyDescriptor, paths: { adsSocketPath: string; adminSocketPath: string }): unknown {
    return bootstrap({ proxy, ...paths });
  }

  allSynced(): boolean {
    return this.#ads.proxyStatuses().every((status) => status.connectedSinceMs === undefined || status.synced);
  }
}
