import {
  createMeshModel,
  type ObservableMeshModel,
  type OutboundPlan,
  type ProxyDescriptor,
  type RoutePlan,
  type VirtualHostPlan,
} from '@meshwise/model';
import { keyOf, keyText, type Resource } from '@meshwise/resources';
import { MESHES } from '../index.ts';

/** A model with Kubernetes' and Istio's readers, and short questions to it. */
export class TestMesh {
  readonly model: ObservableMeshModel = createMeshModel({ readers: MESHES });

  constructor(...resources: readonly Resource[]) {
    this.apply(...resources);
  }

  apply(...resources: readonly Resource[]): this {
    this.model.update(resources.map((resource) => ({ type: 'upsert', resource })));
    return this;
  }

  delete(...resources: readonly Resource[]): this {
    this.model.update(resources.map((resource) => ({ type: 'delete', key: keyOf(resource) })));
    return this;
  }

  /** What sidecars in a namespace see. */
  sidecar(namespace = 'default'): OutboundPlan {
    return this.model.outbound(`sidecar/${namespace}`);
  }

  /** The virtual host of `host:port`, by the start of its name. */
  virtualHost(name: string, plan: OutboundPlan = this.sidecar()): VirtualHostPlan | undefined {
    return plan.httpPorts
      .flatMap(({ virtualHosts }) => virtualHosts)
      .find((candidate) => candidate.name.startsWith(name));
  }

  routes(name: string, plan?: OutboundPlan): readonly RoutePlan[] {
    return this.virtualHost(name, plan)?.routes ?? [];
  }

  /** The routes of a gateway, by `host:port`. */
  gatewayRoutes(proxy: ProxyDescriptor): Readonly<Record<string, readonly string[]>> {
    this.model.setProxy(proxy);
    const { servers } = this.model.gateway(proxy.id);
    const hosts = servers.flatMap((server) => (server.protocol === 'http' ? server.virtualHosts : []));
    return Object.fromEntries(hosts.map(({ name, routes }) => [name, routes.map(target)]));
  }

  remarks(resource: Resource): readonly string[] {
    const residues = this.model.residues().get(keyText(keyOf(resource))) ?? [];
    return residues.map(({ severity, message }) => `${severity}: ${message}`);
  }
}

/** Where a route leads, in one line: `v1.reviews:90 v2.reviews:10`, `503`, `→ /x`. */
export function target({ action }: RoutePlan): string {
  if (action.kind === 'respond') return String(action.status);
  if (action.kind === 'redirect') return `→ ${action.path ?? action.authority ?? ''}`;
  return action.destinations.map(({ cluster, weight }) => `${shortName(cluster)}:${weight}`).join(' ');
}

function shortName(cluster: string): string {
  const [, port = '', subset = '', host = ''] = cluster.split('|');
  return `${subset === '' ? '' : `${subset}.`}${host.replace('.default.svc.cluster.local', '')}|${port}`;
}
