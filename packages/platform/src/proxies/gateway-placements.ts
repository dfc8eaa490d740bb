import { isDeepStrictEqual } from 'node:util';
import type { GatewayPlacement } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import type { Capture } from '../capture/capture.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import { Relays, type RelaysOptions } from './relays.ts';

export interface GatewayPlacementsOptions extends RelaysOptions {
  readonly capture: Capture;
  readonly gatewayPorts: GatewayPorts;
  /** The port of a pod behind a port of the Services that select it; the port itself where none does. */
  readonly targetPortOf?: (pod: Resource, servicePort: number) => Promise<number>;
}

/** A gateway that is called from inside the mesh only. */
export interface InsideGateway {
  readonly pod: Resource;
  readonly podIp: string;
}

/** Where gateways listen for the ports that Gateway resources ask for. */
export class GatewayPlacements {
  readonly #o: GatewayPlacementsOptions;
  readonly #relays: Relays;
  /** Ports that Gateways ask for now; what they were given once is theirs for good. */
  #serverPorts: ReadonlySet<number> | undefined;

  constructor(options: GatewayPlacementsOptions) {
    this.#o = options;
    this.#relays = new Relays(options);
  }

  /** Takes note of the ports that are asked for; false when they are those of before. */
  async ask(serverPorts: readonly number[]): Promise<boolean> {
    await this.#o.gatewayPorts.ensure(serverPorts);
    const asked = new Set(serverPorts);
    if (isDeepStrictEqual(asked, this.#serverPorts)) return false;
    this.#serverPorts = asked;
    return true;
  }

  async placementOf(inside?: InsideGateway): Promise<GatewayPlacement> {
    const { capture } = this.#o;
    if (inside !== undefined) return this.#insidePlacement(inside);
    const serverPorts = this.#hostPorts();
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

  /** Ends relays of ports that nobody asks for any more. */
  async tidy(): Promise<void> {
    await this.#relays.keepOnly(this.#hostPorts().map(([, host]) => host));
  }

  leave(): void {
    this.#relays.leave();
  }

  /** At the pod's own address, where its Service leads; a Gateway names the Service's ports. */
  async #insidePlacement({ pod, podIp }: InsideGateway): Promise<GatewayPlacement> {
    const targetOf = this.#o.targetPortOf ?? (async (_pod: Resource, port: number) => port);
    const ports = await Promise.all(
      [...(this.#serverPorts ?? [])].map(async (server) => [server, { port: await targetOf(pod, server) }] as const),
    );
    return { bindAddress: podIp, ports: Object.fromEntries(ports) };
  }

  /** The port of this machine for each port that Gateways ask for. */
  #hostPorts(): readonly (readonly [number, number])[] {
    return Object.entries(this.#o.gatewayPorts.all)
      .map(([server, host]) => [Number(server), host] as const)
      .filter(([server]) => this.#serverPorts?.has(server) !== false);
  }
}
