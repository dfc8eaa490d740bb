import { fullHost } from '@meshwise/model';
import type { Destination, ShiftVersion } from '@meshwise/resources';

/** Whether a destination of a route is that version. */
export function isVersion(
  version: ShiftVersion,
  destination: Destination,
  namespace: string,
  clusterDomain: string,
): boolean {
  const full = (host: string) => fullHost(host, namespace, clusterDomain);
  return (
    full(version.host) === full(destination.host) &&
    version.subset === destination.subset &&
    (version.port === undefined || version.port === destination.port?.number)
  );
}

export function destinationOf({ host, subset, port }: ShiftVersion): Destination {
  return {
    host,
    ...(subset === undefined ? {} : { subset }),
    ...(port === undefined ? {} : { port: { number: port } }),
  };
}

/** Whether a cluster, named as Istio names them (`outbound|9080|v1|host`), is that version. */
export function isCluster(version: ShiftVersion, cluster: string, namespace: string, clusterDomain: string): boolean {
  const [direction, port, subset, host] = cluster.split('|');
  return (
    direction === 'outbound' &&
    host === fullHost(version.host, namespace, clusterDomain) &&
    (subset ?? '') === (version.subset ?? '') &&
    (version.port === undefined || String(version.port) === port)
  );
}
