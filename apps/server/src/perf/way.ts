import type { RunRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { GATEWAY_NAME_LABEL } from '@meshwise/platform';
import { CLUSTER_DOMAIN, type Mesh, TRUST_DOMAIN } from '../mesh/mesh.ts';
import { findService, type ServiceResources, type ServiceTarget, serviceOfHost } from './find-service.ts';
import { wayThroughGateway } from './gateway-way.ts';
import { parseTarget } from './target.ts';

/** Where requests go, and from where. */
export interface Way {
  readonly from: 'outside' | 'inside';
  readonly url: URL;
  /** The Host header, when it is not that of the URL. */
  readonly host: string | undefined;
  /** The service that was named. */
  readonly service: ServiceTarget | undefined;
  /** True when what is asked is a part of this mesh. */
  readonly isMesh: boolean;
  /** Namespace of the pod that load comes from. */
  readonly clientNamespace: string;
  /** What a reader of the plan should know of it. */
  readonly words: readonly string[];
}

export type WayFinder = Pick<Mesh, 'model' | 'capture' | 'proxies' | 'gatewayPorts'>;

/**
 * Works out the way from what a user asked for: a URL is called from this machine, a service from a pod of the mesh beside it, unless
 * the request says otherwise. Throws MW8002 when there is no such way and MW8001 when this capture has no inside.
 */
export function findWay(
  request: Pick<RunRequest, 'target' | 'from'>,
  mesh: WayFinder,
  resources: ServiceResources,
): Way {
  const target = parseTarget(request.target);
  const from = request.from ?? (target.kind === 'url' ? 'outside' : 'inside');
  if (from === 'inside') refuseWithoutInside(mesh);
  if (target.kind === 'url') return wayToUrl(target.url, from, resources);
  const service = findService(resources, target, CLUSTER_DOMAIN);
  if (from === 'outside') return wayFromOutside(service, target.path, mesh);
  return {
    from,
    url: new URL(`http://${service.host}:${service.port}${target.path}`),
    host: undefined,
    service,
    isMesh: true,
    clientNamespace: service.namespace,
    words: [insideWords(service.namespace)],
  };
}

function wayToUrl(url: URL, from: Way['from'], resources: ServiceResources): Way {
  const clientNamespace = 'default';
  const isInside = from === 'inside';
  const isMesh = isInside && serviceOfHost(resources, url.hostname, clientNamespace, CLUSTER_DOMAIN) !== undefined;
  const words = isInside ? [insideWords(clientNamespace)] : [];
  return { from, url, host: undefined, service: undefined, isMesh, clientNamespace, words };
}

function wayFromOutside(service: ServiceTarget, path: string, { model, proxies, gatewayPorts }: WayFinder): Way {
  const gateways = proxies.all().filter(({ descriptor }) => descriptor.role === 'gateway');
  const ways = gateways.map(({ descriptor: { id, namespace, labels } }) => {
    // One that is run for a Gateway of the Gateway API has ports of its own on this machine.
    const own = labels[GATEWAY_NAME_LABEL];
    const ports = own === undefined ? gatewayPorts.all : (gatewayPorts.own[`${namespace}/${own}`] ?? {});
    return wayThroughGateway([model.gateway(id)], ports, service, path);
  });
  const way = ways.find((found) => found !== undefined);
  if (way === undefined) {
    throw new MeshwiseError('MW8002', `no gateway leads to ${service.name}.${service.namespace} for ${path}`, {
      advice: 'Use --from inside, or bind a VirtualService for that path to a Gateway.',
    });
  }
  const { origin, host } = way;
  return {
    from: 'outside',
    url: new URL(path, origin),
    host,
    service,
    isMesh: true,
    clientNamespace: service.namespace,
    words: [
      `Load goes through the gateway at ${origin}, whose routes decide what answers; ${service.name} is the first that they name for this path.`,
    ],
  };
}

function insideWords(namespace: string): string {
  return `Load comes from a pod of its own in namespace ${namespace}, by its sidecar when that namespace has them, as spiffe://${TRUST_DOMAIN}/ns/${namespace}/sa/default.`;
}

function refuseWithoutInside({ capture }: WayFinder): void {
  if (capture.mode === 'netns') return;
  throw new MeshwiseError('MW8001', 'load from inside the mesh takes capture by network namespaces', {
    found: `capture ${capture.mode}, where a generator would have to be told of its proxy and could go round it`,
    advice: 'Use --from outside with a URL or a service that a gateway leads to, or `meshwise up --capture netns`.',
  });
}
