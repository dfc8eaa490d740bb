import type { ItemOf } from '../model/fragment.ts';
import { fullHost, isPattern } from '../model/host-name.ts';
import { byAge } from '../model/item.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';
import { fullGatewayName, isForMesh } from './item-database.ts';
import type { MutualTls } from './mutual-tls.ts';
import type { VirtualHosts } from './virtual-hosts.ts';

/**
 * What only shows when resources are seen together: references to what is not there, and resources without effect
 * because an older one decides.
 */
export function defineResolutionResidues(
  { engine, items, settings }: ResolveContext,
  destinations: Destinations,
  virtualHosts: VirtualHosts,
  mutualTls: MutualTls,
): Query<[], readonly Residue[]> {
  const ofRouting = engine.query('routingResidues', (name: string): readonly Residue[] =>
    items.list('routing', name).flatMap((routing) => [...hostResidues(routing), ...destinationResidues(routing)]),
  );

  const hostResidues = (routing: ItemOf<'routing'>): readonly Residue[] => {
    const missingGateways = (routing.gateways ?? []).flatMap((written, index): readonly Residue[] => {
      const gateway = fullGatewayName(written, routing.namespace);
      if (written === 'mesh' || items.list('gateway', gateway).length > 0) return [];
      return [remark(routing, `spec.gateways[${index}]`, `there is no Gateway ${gateway}`)];
    });
    if (!isForMesh(routing)) return missingGateways;
    const hosts = routing.hosts.flatMap((written, index): readonly Residue[] => {
      const host = fullHost(written, routing.namespace, settings.clusterDomain);
      const field = `spec.hosts[${index}]`;
      if (!isPattern(host) && items.list('serviceByHost', host).length === 0) {
        return [remark(routing, field, `there is no service ${host}; sidecars have no use for these rules`)];
      }
      const winner = isPattern(host) ? oldestFor(host) : virtualHosts.candidates(host, routing.namespace)[0];
      if (winner === undefined || isSame(winner, routing)) return [];
      return [remark(routing, field, `sidecars follow the older ${winner.namespace}/${winner.name} for this host`)];
    });
    return [...missingGateways, ...hosts];
  };

  const oldestFor = (pattern: string) => [...items.list('routingByHost', pattern)].sort(byAge)[0];

  const destinationResidues = (routing: ItemOf<'routing'>): readonly Residue[] =>
    routing.rules.flatMap((rule) => {
      if (rule.action.kind !== 'forward') return [];
      return rule.action.destinations.flatMap((destination): readonly Residue[] => {
        const written = fullHost(destination.host, routing.namespace, settings.clusterDomain);
        // Without a port the listener's decides; that differs per listener, so only a host or subset can be amiss here.
        const anyPort = items.list('serviceByHost', written)[0]?.ports[0]?.port ?? 0;
        const { host, missing } = destinations.resolve(routing, destination, routing.namespace, anyPort);
        if (missing === undefined) return [];
        const what = {
          host: `there is no service ${host}`,
          port: `the service ${host} has no TCP port ${destination.port ?? anyPort}`,
          subset: `no DestinationRule gives ${host} a subset ${destination.subset}`,
        }[missing];
        return [residue(destination.origin, `${destination.origin.field}: ${what}; this share of requests gets 503`)];
      });
    });

  const ofPolicies = engine.query('destinationPolicyResidues', (name: string): readonly Residue[] =>
    items.list('destinationPolicy', name).flatMap((policy) => {
      const host = fullHost(policy.host, policy.namespace, settings.clusterDomain);
      if (isPattern(host) || items.list('serviceByHost', host).length > 0) return [];
      return [remark(policy, 'spec.host', `there is no service ${host}`)];
    }),
  );

  const ofPeers = engine.query('peerPolicyResidues', (namespace: string): readonly Residue[] => {
    const { wide } = mutualTls.policiesOf(namespace);
    return items.list('peerPolicyByNamespace', namespace).flatMap((policy) => {
      if (policy.selector !== undefined || wide === undefined || isSame(policy, wide)) return [];
      return [residue(policy.origin, `has no effect: the older ${wide.name} holds for all workloads of ${namespace}`)];
    });
  });

  return engine.query('resolutionResidues', () => [
    ...items.keys('routing').flatMap((name) => ofRouting(name)),
    ...items.keys('destinationPolicy').flatMap((name) => ofPolicies(name)),
    ...items.keys('peerPolicyByNamespace').flatMap((namespace) => ofPeers(namespace)),
  ]);
}

type Named = ItemOf<'routing'> | ItemOf<'destination-policy'> | ItemOf<'peer-policy'>;

function isSame(a: Named, b: Named): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function remark(item: Named, field: string, message: string): Residue {
  return residue({ ...item.origin, field }, `${field}: ${message}`);
}

function residue(origin: Residue['origin'], message: string): Residue {
  return { origin, severity: 'invalid', message };
}
