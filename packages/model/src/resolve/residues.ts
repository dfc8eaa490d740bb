import type { ItemOf } from '../model/fragment.ts';
import { fullHost, isPattern } from '../model/host-name.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { MutualTls } from './mutual-tls.ts';
import { defineRoutingResidues, type RoutingParts } from './routing-residues.ts';
import { defineServiceRouteResidues } from './service-route-residues.ts';

/**
 * What only shows when resources are seen together: references to what is not there, and resources without effect
 * because an older one decides.
 */
export function defineResolutionResidues(
  context: ResolveContext,
  routing: RoutingParts,
  mutualTls: MutualTls,
): Query<[], readonly Residue[]> {
  const { engine, items, settings } = context;
  const ofRouting = defineRoutingResidues(context, routing);
  const ofServiceRoute = defineServiceRouteResidues(context, routing);

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
    ...items.keys('attachedRoute').flatMap((name) => ofServiceRoute(name)),
    ...items.keys('destinationPolicy').flatMap((name) => ofPolicies(name)),
    ...items.keys('peerPolicyByNamespace').flatMap((namespace) => ofPeers(namespace)),
  ]);
}

type Named = ItemOf<'destination-policy'> | ItemOf<'peer-policy'>;

function isSame(a: Named, b: Named): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function remark(item: Named, field: string, message: string): Residue {
  return residue({ ...item.origin, field }, `${field}: ${message}`);
}

function residue(origin: Residue['origin'], message: string): Residue {
  return { origin, severity: 'invalid', message };
}
