import type { GatewayView } from '@meshwise/api';
import type { GatewaySpec, Resource, VirtualServiceSpec } from '@meshwise/resources';
import { classGatewayViews } from './class-gateways-view.ts';
import { type GatewayWords, gatewayHealth } from './gateway-health.ts';
import type { SeenProxy, Snapshot } from './snapshot.ts';
import { NO_TRAFFIC, sumTraffic } from './traffic.ts';

/** One row per server of each Gateway resource, and per listener of each of the Gateway API. */
export function gatewayViews(snapshot: Snapshot): GatewayView[] {
  return [...serverViews(snapshot), ...classGatewayViews(snapshot)];
}

function serverViews(snapshot: Snapshot): GatewayView[] {
  return snapshot.gateways.flatMap((gateway) => {
    const spec = gateway.spec as GatewaySpec;
    const proxies = snapshot.proxies.filter(
      ({ running }) =>
        running.descriptor.role === 'gateway' &&
        Object.entries(spec.selector ?? {}).every(([key, value]) => running.descriptor.labels[key] === value),
    );
    const routes = routesBoundTo(gateway, snapshot.virtualServices);
    return (spec.servers ?? []).map((server) => {
      const port = Number(server.port.number);
      const hostPort = snapshot.gatewayPorts[port];
      const sample = proxies
        .map(({ running }) => snapshot.samples.proxies.get(running.descriptor.id)?.downstream)
        .filter((value) => value !== undefined);
      const listening = hostPort !== undefined && proxies.length > 0;
      return {
        namespace: gateway.metadata.namespace ?? '',
        name: gateway.metadata.name,
        hosts: [...server.hosts],
        port,
        address: listening && proxies.some(isOnMachine) ? `http://127.0.0.1:${hostPort}` : null,
        routes,
        ...gatewayHealth(proxies, listening, routes, WORDS),
        traffic: listening ? sumTraffic(sample) : NO_TRAFFIC,
      };
    });
  });
}

const LOOPBACK = '127.0.0.1';

/** Gateways by which traffic leaves listen inside the mesh, at the address of their pod. */
function isOnMachine({ running }: SeenProxy): boolean {
  return (running.descriptor.gateway?.bindAddress ?? LOOPBACK) === LOOPBACK;
}

const WORDS: GatewayWords = {
  withoutProxy: 'its selector matches no gateway proxy',
  withoutRoutes: 'no VirtualService is bound to it, so every request gets 404',
};

function routesBoundTo(gateway: Resource, virtualServices: readonly Resource[]): number {
  const { name, namespace } = gateway.metadata;
  return virtualServices
    .filter((service) => {
      const bound = (service.spec as VirtualServiceSpec).gateways ?? [];
      return (
        bound.includes(`${namespace}/${name}`) || (service.metadata.namespace === namespace && bound.includes(name))
      );
    })
    .reduce((sum, service) => sum + ((service.spec as VirtualServiceSpec).http?.length ?? 0), 0);
}
