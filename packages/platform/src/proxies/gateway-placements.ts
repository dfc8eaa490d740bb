import { isDeepStrictEqual } from 'node:util';
import type { GatewayPlacement } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import type { Capture } from '../capture/capture.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import { gatewayTargetPorts } from './gateway-target-ports.ts';
import { Relays, type RelaysOptions } from './relays.ts';

export interface GatewayPlacementsOptions extends RelaysOptions {
  readonly capture: Capture;
  readonly gatewayPorts: GatewayPorts;
  /** The port of a pod behind a port of the Services that select it; the port itself where none does. */
  readonly targetPortOf?: (pod: Resource, servicePort: number) => Promise<number>;
}

/** The ports that are asked for. */
export interface AskedPorts {
  /** Of gateways that share the ports of this machine, as Istio's do. */
  readonly shared: readonly number[];
  /** Of Gateways that are proxies of their own, by `namespace/name`. */
  readonly own: ReadonlyMap<string, readonly number[]>;
}

/**
 * A gateway that does not share the ports of this machine: `inside` is called from inside the mesh only, `own` is run for
 * one Gateway of the Gateway API.
 */
export type GatewayPlace =
  | { readonly kind: 'inside'; readonly pod: Resource; readonly podIp: string }
  | { readonly kind: 'own'; readonly gateway: string; readonly podIp: string };

/** Where gateways listen for the ports that Gateway resources ask for. */
export class GatewayPlacements {
  readonly #o: GatewayPlacementsOptions;
  readonly #relays: Relays;
  /** What is asked for now; what was given once for `shared` stays given for good. */
  #asked: { readonly shared: ReadonlySet<number>; readonly own: ReadonlyMap<string, ReadonlySet<number>> } | undefined;

  constructor(options: GatewayPlacementsOptions) {
    this.#o = options;
    this.#relays = new Relays(options);
  }

  /** Takes note of the ports that are asked for; false when they are those of before. */
  async ask({ shared, own }: AskedPorts): Promise<boolean> {
    await this.#o.gatewayPorts.ensure(shared);
    await this.#o.gatewayPorts.ensureOwn(own);
    const asked = {
      shared: new Set(shared),
      own: new Map([...own].map(([gateway, ports]) => [gateway, new Set(ports)] as const)),
    };
    if (isDeepStrictEqual(asked, this.#asked)) return false;
    this.#asked = asked;
    return true;
  }

  async placementOf(place?: GatewayPlace): Promise<GatewayPlacement> {
    if (place?.kind === 'inside') return this.#insidePlacement(place);
    if (place === undefined) return this.#onMachine(this.#sharedPorts());
    const asked = this.#asked?.own.get(place.gateway) ?? new Set<number>();
    const ports = gatewayTargetPorts([...asked]);
    return { ...(await this.#onMachine(this.#ownPorts(place.gateway))), inside: { bindAddress: place.podIp, ports } };
  }

  /** Ends relays of ports that nobody asks for any more. */
  async tidy(): Promise<void> {
    const own = Object.keys(this.#o.gatewayPorts.own).flatMap((gateway) => this.#ownPorts(gateway));
    await this.#relays.keepOnly([...this.#sharedPorts(), ...own].map(([, host]) => host));
  }

  leave(): void {
    this.#relays.leave();
  }

  /** Where this machine's own programs call it. */
  async #onMachine(serverPorts: readonly (readonly [number, number])[]): Promise<GatewayPlacement> {
    const { capture } = this.#o;
    if (capture.gatewayReach === 'relay') {
      const ports: Record<number, { socketPath: string }> = {};
      for (const [server, host] of serverPorts) ports[server] = { socketPath: await this.#relays.ensure(host) };
      return { bindAddress: '127.0.0.1', ports };
    }
    return {
      bindAddress: '127.0.0.1',
      ...(capture.gatewayReach === 'namespace' && capture.hostNetworkPath !== undefined
        ? { networkNamespacePath: capture.hostNetworkPath }
        : {}),
      ports: Object.fromEntries(serverPorts.map(([server, host]) => [server, { port: host }])),
    };
  }

  /** At the pod's own address, where its Service leads; a Gateway names the Service's ports. */
  async #insidePlacement({ pod, podIp }: GatewayPlace & { readonly kind: 'inside' }): Promise<GatewayPlacement> {
    const targetOf = this.#o.targetPortOf ?? (async (_pod: Resource, port: number) => port);
    const ports = await Promise.all(
      [...(this.#asked?.shared ?? [])].map(async (server) => [server, { port: await targetOf(pod, server) }] as const),
    );
    return { bindAddress: podIp, ports: Object.fromEntries(ports) };
  }

  /** The port of this machine for each port that Gateways ask for. */
  #sharedPorts(): readonly (readonly [number, number])[] {
    return pairs(this.#o.gatewayPorts.all).filter(([server]) => this.#asked?.shared.has(server) !== false);
  }

  #ownPorts(gateway: string): readonly (readonly [number, number])[] {
    const asked = this.#asked?.own.get(gateway);
    return pairs(this.#o.gatewayPorts.own[gateway] ?? {}).filter(([server]) => asked?.has(server) === true);
  }
}

function pairs(ports: Readonly<Record<number, number>>): readonly (readonly [number, number])[] {
  return Object.entries(ports).map(([server, host]) => [Number(server), host] as const);
}
