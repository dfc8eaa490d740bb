import { type ServedWorkload, selects } from '@meshwise/model';
import { type ConnectInside, openTunnel, type ProxyManager } from '@meshwise/platform';
import type { Resource, ResourceStore, ServiceSpec } from '@meshwise/resources';

export interface InsideConnectionOptions {
  readonly store: Pick<ResourceStore, 'get'>;
  readonly proxies: Pick<ProxyManager, 'all'>;
  readonly clusterDomain: string;
}

/** Ways from the daemon to services of the mesh: through the tunnel into a pod that stands behind one. */
export function insideConnection({ store, proxies, clusterDomain }: InsideConnectionOptions): ConnectInside {
  return async (host, port, timeoutMs) => {
    const place = placeOf(host, clusterDomain);
    if (place === undefined) return undefined;
    const service = await store.get({ group: '', kind: 'Service', ...place });
    const selector = (service as Resource<ServiceSpec> | undefined)?.spec?.selector ?? {};
    const servicePort = (service as Resource<ServiceSpec> | undefined)?.spec?.ports?.find((one) => one.port === port);
    if (servicePort === undefined || Object.keys(selector).length === 0) return undefined;
    const workloads = proxies.all().flatMap(({ descriptor }) => descriptor.workloads);
    for (const workload of workloads) {
      if (workload.namespace !== place.namespace || !selects(selector, workload.labels)) continue;
      const { tunnelSocketPath } = workload.placement;
      const target = targetPort(servicePort.targetPort ?? port, workload);
      if (tunnelSocketPath === undefined || target === undefined) continue;
      const tunnel = await openTunnel(tunnelSocketPath, `127.0.0.1:${target}`, timeoutMs);
      if (typeof tunnel === 'string') continue;
      if (tunnel.head.length > 0) tunnel.socket.unshift(tunnel.head);
      return tunnel.socket;
    }
    return undefined;
  };
}

/** `issuer.shop`, `issuer.shop.svc`, `issuer.shop.svc.cluster.local`. */
function placeOf(
  host: string,
  clusterDomain: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const [name, namespace, ...rest] = host.toLowerCase().replace(/\.$/, '').split('.');
  const suffix = rest.join('.');
  if (name === undefined || namespace === undefined) return undefined;
  return ['', 'svc', `svc.${clusterDomain}`].includes(suffix) ? { namespace, name } : undefined;
}

function targetPort(written: number | string, { containerPorts }: ServedWorkload): number | undefined {
  if (typeof written === 'number') return written;
  return containerPorts.find(({ name, protocol }) => name === written && protocol === 'TCP')?.port;
}
