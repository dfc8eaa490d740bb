import type { GatewayView } from '@meshwise/api';
import type { GatewaySpec, Resource, VirtualServiceSpec } from '@meshwise/resources';
import { proxyHealth } from './proxies-view.ts';
import type { SeenProxy, Snapshot } from './snapshot.ts';
import { NO_TRAFFIC, sumTraffic } from './traffic.ts';

/** One row per server of each Gateway resource. */
export function gatewayViews(snapshot: Snapshot): GatewayView[] {
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
        ...health(proxies, listening, routes),
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

function health(
  proxies: readonly SeenProxy[],
  listening: boolean,
  routes: number,
): Pick<GatewayView, 'health' | 'reason'> {
  if (proxies.length === 0) return { health: 'failing', reason: 'its selector matches no gateway proxy' };
  if (!listening) return { health: 'failing', reason: 'nothing listens for this port' };
  const judged = proxies.map(proxyHealth);
  const running = judged.filter((judgement) => judgement.health !== 'failing');
  if (running.length === 0) return { health: 'failing', reason: `its proxy: ${judged[0]?.reason ?? 'does not run'}` };
  const troubled = judged.find((judgement) => judgement.health !== 'healthy');
  if (troubled !== undefined) return { health: 'degraded', reason: `its proxy: ${troubled.reason}` };
  if (routes === 0)
    return { health: 'degraded', reason: 'no VirtualService is bound to it, so every request gets 404' };
  return { health: 'healthy', reason: null };
}

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
