import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import { serviceOf } from './shop.ts';
import type { Side } from './side.ts';

/** What a Sidecar has to let through for the marker to be seen. */
export const MARKER_EGRESS = 'shop/marker.shop.svc.cluster.local';

/** Port of the gateway that only the marker uses. */
const MARKER_PORT = 8999;
const HOST = 'marker.shop.svc.cluster.local';

/**
 * Says in an answer of the proxies themselves which state of the configuration they have. Written after everything else, it is
 * in no push that the rest is not in.
 */
export function markerObjects(generation: number): readonly KubeObject[] {
  const metadata = { namespace: 'shop', name: 'marker' };
  const apiVersion = 'networking.istio.io/v1';
  return [
    {
      ...{ apiVersion, kind: 'Gateway', metadata },
      spec: {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: MARKER_PORT, name: 'http-marker', protocol: 'HTTP' }, hosts: [HOST] }],
      },
    },
    {
      ...{ apiVersion, kind: 'VirtualService', metadata },
      spec: {
        hosts: [HOST],
        gateways: ['mesh', 'shop/marker'],
        http: [{ directResponse: { status: 200, body: { string: markerText(generation) } } }],
      },
    },
  ];
}

let questions = 0;

/** The generation that each proxy of a side shows; a gateway that lets nobody in, by its routes. */
export async function generationShown(side: Side): Promise<readonly string[]> {
  questions += 1;
  const question = { protocol: 'http', authority: HOST, key: `marker-${questions}` } as const;
  const [mesh, gateway] = await Promise.all([
    side.mesh.ask({ ...question, address: serviceOf('marker').clusterIp, port: 80 }),
    side.gateway.ask({ ...question, address: '', port: MARKER_PORT }),
  ]);
  const isShut = gateway.status !== undefined && gateway.status !== 200 && gateway.status !== 404;
  return [mesh.body, isShut ? await side.gatewayRoutes() : gateway.body].map((text) => SHOWN.exec(text)?.[1] ?? '');
}

const SHOWN = /generation ([0-9]+)\./;

/** With an end, so that none is the beginning of another. */
export function markerText(generation: number): string {
  return `generation ${generation}.`;
}
