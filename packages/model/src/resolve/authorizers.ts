import { fullHost } from '../model/host-name.ts';
import type { ExternalAuthorizerSettings } from '../model/security.ts';
import type { ExternalAuthorizer } from '../plan.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import { outboundCluster } from './names.ts';
import type { Collector } from './telemetry-providers.ts';

export interface Authorizers {
  /** Who is asked by proxies of a namespace; a problem when nobody can be. */
  resolve(name: string, namespace: string): ExternalAuthorizer | { readonly problem: string };
  /** Where all of them are, as far as they exist. */
  collectors(clientNamespace: string): readonly Collector[];
  /** What is amiss with one as MeshConfig has it. */
  problemOf(settings: ExternalAuthorizerSettings, clientNamespace: string): string | undefined;
}

/** External authorizers of MeshConfig (`extensionProviders`), found by the host of a service, or by `namespace/host`. */
export function externalAuthorizers({ items, services, settings }: ResolveContext): Authorizers {
  const all = () => items.list('meshSettings', '')[0]?.externalAuthorizers ?? [];

  const placeOf = ({ host: written, port }: ExternalAuthorizerSettings, client: string): Collector | undefined => {
    const slash = written.indexOf('/');
    const namespace = slash < 0 ? undefined : written.slice(0, slash);
    const host = fullHost(written.slice(slash + 1), namespace ?? settings.rootNamespace, settings.clusterDomain);
    const key =
      namespace === undefined
        ? services.keyFor(host, client)
        : services.visibleKeys(host, client).find((candidate) => services.of(candidate)?.namespace === namespace);
    const found =
      key === undefined || key === '' ? undefined : tcpPorts(services.of(key)).find((one) => one.port === port);
    if (key === undefined || found === undefined) return undefined;
    const speaksHttp2 = found.protocol === 'grpc' || found.protocol === 'http2';
    return { key, cluster: outboundCluster(port, undefined, key), speaksHttp2 };
  };

  return {
    resolve(name, namespace) {
      const found = all().find((authorizer) => authorizer.name === name);
      if (found === undefined) return { problem: `there is no provider ${name} (MeshConfig extensionProviders)` };
      const place = placeOf(found, namespace);
      const { host, port, ...authorizer } = found;
      if (place === undefined)
        return { problem: `no service ${host} has a port ${port}, where ${name} would be asked` };
      return { ...authorizer, cluster: place.cluster };
    },
    collectors: (namespace) => all().flatMap((authorizer) => placeOf(authorizer, namespace) ?? []),
    problemOf(authorizer, namespace) {
      const { name, host, port, protocol } = authorizer;
      const place = placeOf(authorizer, namespace);
      if (place === undefined)
        return `${name}: no service ${host} has a port ${port}; requests that it is asked about are refused`;
      if (protocol === 'http' || place.speaksHttp2) return undefined;
      return `${name}: port ${port} of ${host} declares no gRPC (name it grpc or grpc-…), by which it is asked`;
    },
  };
}
