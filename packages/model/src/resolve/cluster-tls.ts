import type { ServicePort } from '../model/service.ts';
import type { UpstreamTls } from '../plan.ts';
import type { BackendTls } from './backend-tls.ts';
import { customTls, type ResolvedTls } from './client-tls.ts';
import type { ResolveContext } from './context.ts';
import { type DestinationPolicies, isGatewayView } from './destination-policies.ts';
import type { Endpoints } from './endpoints.ts';
import { outboundServerName } from './names.ts';
import type { PortSettings } from './traffic-settings.ts';
import { parseView } from './view.ts';

/** What TLS depends on: a port of a service, or of one of its subsets, for clients of a view. */
export interface TlsTarget {
  readonly host: string;
  readonly port: ServicePort;
  readonly subset?: string;
  readonly settings: PortSettings;
  readonly view: string;
}

/** How clients secure their connections: as a policy says, else by what stands at each endpoint. */
export function defineClusterTls(
  context: ResolveContext,
  endpoints: Endpoints,
  policies: DestinationPolicies,
  backendTls: BackendTls,
): (target: TlsTarget) => ResolvedTls {
  const { engine, services } = context;

  /** Remembered, since certificates are looked into; undefined for TLS of the mesh. */
  const customOf = engine.query(
    'customTls',
    (host: string, port: number, subset: string, view: string): ResolvedTls | undefined => {
      const { tls } = policies.settingsOf(host, port, subset, view);
      if (tls?.mode !== 'simple' && tls?.mode !== 'certificate') return undefined;
      const client = parseView(view);
      const takesSecrets = isGatewayView(client) || policies.effective(host, view)?.isSelective === true;
      const { subjectAltNames: ofService = [] } = services.of(host) ?? {};
      const subjectAltNames = tls.subjectAltNames.length > 0 ? tls.subjectAltNames : ofService;
      return customTls(context, { ...tls, subjectAltNames }, { namespace: client.namespace, takesSecrets });
    },
  );

  /** Without a word in a policy. Where the proxy does not choose the endpoint, nobody can look at what stands there. */
  const automatic = ({ host, settings }: TlsTarget, identity: Identity): UpstreamTls => {
    const service = services.of(host);
    // Clients present no identity of the mesh to what is outside of it, unless told to.
    if (service?.location === 'external' || service?.discovery === 'original-destination') return { mode: 'plain' };
    if (settings.loadBalancer?.algorithm !== 'passthrough') return { mode: 'auto', ...identity };
    return endpoints.allTakeMutualTls(host) ? { mode: 'mutual', ...identity } : { mode: 'plain' };
  };

  return (target) => {
    const { host, port, subset, settings, view } = target;
    const written = settings.tls;
    if (written?.mode === 'plain') return { tls: { mode: 'plain' }, secrets: [] };
    // What a DestinationRule says, which may be for this client alone, goes before what holds for all clients.
    const custom =
      written === undefined ? backendTls.of(host, port.port) : customOf(host, port.port, subset ?? '', view);
    if (custom !== undefined) return custom;
    const { subjectAltNames: names = [], serverName } = written ?? {};
    const identity: Identity = {
      subjectAltNames: names.length > 0 ? names : endpoints.identitiesOf(host),
      serverName: serverName ?? outboundServerName(port.port, subset, host),
    };
    return { tls: written === undefined ? automatic(target, identity) : { mode: 'mutual', ...identity }, secrets: [] };
  };
}

interface Identity {
  readonly subjectAltNames: readonly string[];
  readonly serverName: string;
}
