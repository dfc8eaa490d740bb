import type { GatewayPlan, InboundPlan, MeshModel, OutboundPlan, ProxyDescriptor } from '@meshwise/model';

export function emptyOutbound(scope: string): OutboundPlan {
  return { scope, httpPorts: [], tcpListeners: [], clusters: [], endpoints: [], dns: [] };
}

/** A model whose plans a test puts there. */
export class StaticModel implements MeshModel {
  readonly #proxies = new Map<string, ProxyDescriptor>();
  readonly #empty = new Map<string, OutboundPlan>();
  readonly outbounds = new Map<string, OutboundPlan>();
  readonly inbounds = new Map<string, readonly InboundPlan[]>();
  readonly gateways = new Map<string, GatewayPlan>();
  readonly scopes = new Map<string, string>();

  update(): void {}

  setProxy(proxy: ProxyDescriptor): void {
    this.#proxies.set(proxy.id, proxy);
  }

  removeProxy(id: string): void {
    this.#proxies.delete(id);
  }

  proxies(): readonly ProxyDescriptor[] {
    return [...this.#proxies.values()];
  }

  scopeOf(id: string): string {
    return this.scopes.get(id) ?? 'default';
  }

  outbound(scope: string): OutboundPlan {
    const known = this.outbounds.get(scope) ?? this.#empty.get(scope);
    if (known !== undefined) return known;
    const empty = emptyOutbound(scope);
    this.#empty.set(scope, empty);
    return empty;
  }

  inbound(id: string): readonly InboundPlan[] {
    return this.inbounds.get(id) ?? NOTHING;
  }

  gateway(id: string): GatewayPlan {
    return this.gateways.get(id) ?? NO_SERVERS;
  }

  globalRateLimitRules(): ReturnType<MeshModel['globalRateLimitRules']> {
    return [];
  }

  setKeySet(): void {}

  keySources(): ReturnType<MeshModel['keySources']> {
    return [];
  }

  residues(): ReturnType<MeshModel['residues']> {
    return new Map();
  }

  statuses(): ReturnType<MeshModel['statuses']> {
    return new Map();
  }
}

const NOTHING: readonly InboundPlan[] = [];
const NO_SERVERS: GatewayPlan = { servers: [] };
