import type { ServiceItem } from '../model/service.ts';
import { hostOfAddress } from './names.ts';

/**
 * The names under which a client may call a service, each with and without the port, as Istio generates them; the bare
 * name only works from the service's own namespace, where the resolver completes it. Endpoints of a headless service
 * have names below its own.
 */
export function domainsOf(
  service: ServiceItem,
  host: string,
  port: number,
  fromOwnNamespace: boolean,
  clusterDomain: string,
): readonly string[] {
  const suffix = `.svc.${clusterDomain}`;
  const short = host.endsWith(suffix) ? host.slice(0, -suffix.length) : undefined;
  const [bare = ''] = host.split('.', 1);
  const alternatives = short === undefined ? [] : [...(fromOwnNamespace ? [bare] : []), `${short}.svc`, short];
  // With a dot at its end a name is complete (RFC 1034, 3.1), and some resolvers' callers send it so.
  const names = [host, `${host}.`, ...alternatives];
  const isHeadless = service.host === undefined && service.clusterIps.length === 0;
  const below = isHeadless ? names.map((name) => `*.${name}`) : [];
  const addresses = service.clusterIps.filter((address) => !address.includes('/')).map(hostOfAddress);
  return [...names, ...below, ...addresses].flatMap((name) => [name, `${name}:${port}`]);
}
