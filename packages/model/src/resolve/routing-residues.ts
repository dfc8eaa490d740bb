import type { ItemOf } from '../model/fragment.ts';
import { fullHost, isPattern } from '../model/host-name.ts';
import type { Destination } from '../model/routing.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { Delegates } from './delegates.ts';
import type { Destinations } from './destinations.ts';
import { fullGatewayName, isForMesh, routingKey } from './item-database.ts';
import { matchGroupResidues } from './match-groups.ts';
import { defineOverrides } from './overrides.ts';
import { referencesOf } from './routes.ts';
import type { ServiceAttachments } from './service-attachments.ts';
import { isSplit } from './split-backends.ts';
import { splitResidues } from './split-residues.ts';
import type { VirtualHosts } from './virtual-hosts.ts';

type Routing = ItemOf<'routing'>;

export interface RoutingParts {
  readonly destinations: Destinations;
  readonly delegates: Delegates;
  readonly virtualHosts: VirtualHosts;
  readonly serviceAttachments: ServiceAttachments;
}

/** What is amiss with a routing (`namespace/name`) among the other resources. */
export function defineRoutingResidues(
  context: ResolveContext,
  parts: RoutingParts,
): Query<[routing: string], readonly Residue[]> {
  const { engine, items, services, settings } = context;
  const { destinations, delegates, virtualHosts } = parts;
  const overridden = defineOverrides(context, parts);
  const gatewayResidues = (routing: Routing): readonly Residue[] =>
    (routing.gateways ?? []).flatMap((written, index): readonly Residue[] => {
      const gateway = fullGatewayName(written, routing.namespace);
      if (written === 'mesh' || items.list('gateway', gateway).length > 0) return [];
      return [remark(routing, `spec.gateways[${index}]`, `there is no Gateway ${gateway}`)];
    });

  const hostResidues = (routing: Routing): readonly Residue[] =>
    routing.hosts.flatMap((written, index): readonly Residue[] => {
      const host = fullHost(written, routing.namespace, settings.clusterDomain);
      const field = isSplit(routing) ? 'spec.service' : `spec.hosts[${index}]`;
      if (!isPattern(host) && !isSplit(routing) && items.list('serviceByHost', host).length === 0) {
        return [remark(routing, field, `there is no service ${host}; sidecars know it on HTTP ports of others only`)];
      }
      const { namespace } = routing;
      const loses = overridden(routing, host, namespace);
      if (loses !== undefined) return [remark(routing, field, loses)];
      const all = isPattern(host) ? virtualHosts.writtenFor(host, namespace) : virtualHosts.candidates(host, namespace);
      const withRules = all.filter((one) => destinations.rulesOf(one).length > 0);
      const [winner] = withRules;
      if (winner === undefined || !withRules.some((one) => isSame(one, routing)) || isSame(winner, routing)) return [];
      return [remark(routing, field, `sidecars follow ${winner.namespace}/${winner.name} for this host`)];
    });

  const destinationResidue = (
    routing: Routing,
    destination: Omit<Destination, 'weight'>,
    loss: string,
  ): readonly Residue[] => {
    const written = fullHost(destination.host, routing.namespace, settings.clusterDomain);
    const key = services.keyFor(written, routing.namespace);
    // Without a port the listener's decides; that differs per listener, so only a host or subset can be amiss here.
    const anyPort = (key === '' ? undefined : services.of(key))?.ports[0]?.port ?? 0;
    const { host, missing } = destinations.resolve(routing, destination, routing.namespace, anyPort);
    if (missing === undefined) return [];
    const what = {
      host: `there is no service ${host}`,
      port: `the service ${host} has no TCP port ${destination.port ?? anyPort}`,
      subset: `no DestinationRule gives ${host} a subset ${destination.subset}`,
    }[missing];
    return [residue(destination.origin, `${destination.origin.field}: ${what}; ${loss}`)];
  };

  const ofRouting = (routing: Routing): readonly Residue[] => [
    ...gatewayResidues(routing),
    ...(isForMesh(routing) ? hostResidues(routing) : []),
    ...(isSplit(routing) ? splitResidues(context, routing) : referenceResidues(routing)),
    ...delegates.residuesOf(routingKey(routing)),
    ...matchGroupResidues(items, routing),
  ];

  const referenceResidues = (routing: Routing): readonly Residue[] => [
    // Those of delegates are theirs.
    ...routing.rules
      .flatMap(referencesOf)
      .flatMap((to) =>
        destinationResidue(routing, to, 'weight' in to ? 'this share of requests gets 503' : 'nothing is copied'),
      ),
    ...(routing.byteRules ?? [])
      .flatMap((rule) => rule.destinations)
      .flatMap((to) => destinationResidue(routing, to, 'this share of connections is closed')),
  ];

  return engine.query('routingResidues', (name: string): readonly Residue[] =>
    items.list('routing', name).flatMap(ofRouting),
  );
}

function isSame(a: Routing, b: Routing): boolean {
  return routingKey(a) === routingKey(b);
}

function remark(item: Routing, field: string, message: string): Residue {
  return residue({ ...item.origin, field }, `${field}: ${message}`);
}

function residue(origin: Residue['origin'], message: string): Residue {
  return { origin, severity: 'invalid', message };
}
