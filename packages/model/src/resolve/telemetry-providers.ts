import type { ItemOf } from '../model/fragment.ts';
import { fullHost } from '../model/host-name.ts';
import type { TelemetryProvider } from '../model/telemetry.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import { outboundCluster } from './names.ts';

/** Providers that every installation of Istio has without being told. */
const BUILT_IN: readonly TelemetryProvider[] = [
  { kind: 'prometheus', name: 'prometheus' },
  { kind: 'file', name: 'envoy', path: '/dev/stdout' },
];

export interface Collector {
  /** The service. */
  readonly key: string;
  readonly cluster: string;
  readonly speaksHttp2: boolean;
}

export interface TelemetryProviders {
  named(name: string): TelemetryProvider | undefined;
  /** Where a provider's collector is for clients in a namespace; undefined when no service has that host and port. */
  collectorOf(host: string, port: number, clientNamespace: string): Collector | undefined;
  /** The collectors of all providers, as far as they exist. */
  collectors(clientNamespace: string): readonly Collector[];
}

export function telemetryProviders({ items, services, settings }: ResolveContext): TelemetryProviders {
  const mesh = (): ItemOf<'mesh-settings'> | undefined => items.list('meshSettings', '')[0];

  const collectorOf = (written: string, port: number, clientNamespace: string): Collector | undefined => {
    const host = fullHost(written, settings.rootNamespace, settings.clusterDomain);
    const key = services.keyFor(host, clientNamespace);
    const found = key === '' ? undefined : tcpPorts(services.of(key)).find((candidate) => candidate.port === port);
    if (found === undefined) return undefined;
    const speaksHttp2 = found.protocol === 'grpc' || found.protocol === 'http2';
    return { key, cluster: outboundCluster(port, undefined, key), speaksHttp2 };
  };

  return {
    named: (name) => [...(mesh()?.providers ?? []), ...BUILT_IN].find((provider) => provider.name === name),
    collectorOf,
    collectors: (clientNamespace) =>
      (mesh()?.providers ?? []).flatMap((provider) =>
        'host' in provider ? (collectorOf(provider.host, provider.port, clientNamespace) ?? []) : [],
      ),
  };
}
