import type { ItemOf } from '../model/fragment.ts';
import { fullHost } from '../model/host-name.ts';
import type { TrafficSettings } from '../model/policy.ts';
import type { Residue } from '../provenance.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import { customTls } from './client-tls.ts';
import type { ResolveContext } from './context.ts';
import { type PortSettings, settingsOfSubset } from './traffic-settings.ts';

type Policy = ItemOf<'destination-policy'>;

/** Settings with the field they stand in; what they inherit is in `all`. */
interface Written {
  readonly field: string;
  readonly own: PortSettings;
  readonly all: PortSettings;
}

/**
 * What of policies for destinations has no effect, or keeps clients from calling at all, as far as it only shows when
 * other resources are looked at: Secrets of the proxies' namespaces, the ports of the service, what a subset inherits.
 */
export function defineDestinationPolicyResidues(
  context: ResolveContext,
  proxies: Query<[], readonly ProxyDescriptor[]>,
): Query<[], readonly Residue[]> {
  const { engine, items, services, settings } = context;
  const gatewayNamespaces = engine.query('gatewayNamespaces', () => [
    ...new Set(proxies().flatMap(({ role, namespace }) => (role === 'gateway' ? [namespace] : []))),
  ]);

  /** Whose Secrets a rule names: those of the workloads that it selects, and those of gateways that follow it. */
  const tlsProblems = (policy: Policy, { own: { tls } }: Written): readonly string[] => {
    if (tls?.mode !== 'simple' && tls?.mode !== 'certificate') return [];
    const isSelective = policy.clientSelector !== undefined;
    const namespaces = isSelective ? [policy.namespace] : gatewayNamespaces();
    const clients = tls.credential?.kind === 'secret' ? namespaces : [policy.namespace];
    return clients.flatMap((namespace) => {
      const resolved = customTls(context, tls, { namespace, takesSecrets: true });
      return 'problem' in resolved ? [`${resolved.problem}; nothing is sent`] : [];
    });
  };

  const localityProblem = ({ own, all }: Written): readonly string[] => {
    const locality = own.loadBalancer?.locality;
    const fails = locality !== undefined && locality.failover.length + locality.failoverPriority.length > 0;
    return fails && all.outlierDetection === undefined ? ['failover has no effect without outlierDetection'] : [];
  };

  const tunnelProblem = (policy: Policy, { own }: Written): readonly string[] => {
    if (own.tunnel === undefined) return [];
    const ports = services.of(fullHost(policy.host, policy.namespace, settings.clusterDomain))?.ports ?? [];
    const isHttp = ports.length > 0 && ports.every(({ protocol }) => ['http', 'http2', 'grpc'].includes(protocol));
    return isHttp ? ['a tunnel is for TCP and TLS; the service has HTTP ports only'] : [];
  };

  const ofPolicy = engine.query('destinationPolicyEffects', (name: string): readonly Residue[] =>
    items.list('destinationPolicy', name).flatMap((policy) =>
      writtenIn(policy).flatMap((written) => {
        const at = (part: string, messages: readonly string[]): readonly Residue[] =>
          messages.map((message) => {
            const field = `${written.field}.${part}`;
            return { origin: { ...policy.origin, field }, severity: 'invalid', message: `${field}: ${message}` };
          });
        return [
          ...at('tls', tlsProblems(policy, written)),
          ...at('loadBalancer.localityLbSetting', localityProblem(written)),
          ...at('tunnel', tunnelProblem(policy, written)),
        ];
      }),
    ),
  );

  return engine.query('destinationPolicyEffectsOfAll', () =>
    items.keys('destinationPolicy').flatMap((name) => ofPolicy(name)),
  );
}

/** No port has this number: what holds for it is what holds for ports of which nothing is said. */
const ANY_PORT = 0;

function writtenIn({ settings = {}, subsets }: Policy): readonly Written[] {
  return [
    ...withPorts('spec.trafficPolicy', settings, settings),
    ...subsets.flatMap((subset) =>
      withPorts(
        `${subset.origin.field}.trafficPolicy`,
        subset.settings,
        settingsOfSubset(settings, subset.settings, ANY_PORT),
      ),
    ),
  ];
}

function withPorts(field: string, own: TrafficSettings, all: PortSettings): readonly Written[] {
  const ports = (own.ports ?? []).map(({ settings }, index) => ({
    field: `${field}.portLevelSettings[${index}]`,
    own: settings,
    all: settings,
  }));
  return [{ field, own, all }, ...ports];
}
