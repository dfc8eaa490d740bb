import type { ItemOf } from '../model/fragment.ts';
import type { ServiceAccountReference, TrafficSpecReference } from '../model/security.ts';
import type { Origin, Residue } from '../provenance.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { TRAFFIC_ACCESS_LABEL } from './traffic-targets.ts';

/** Who has an identity, by `namespace/account`: workloads with a sidecar, workloads outside the mesh, and gateways. */
type Runs = ReadonlyMap<string, ReadonlySet<ProxyDescriptor['role']>>;

/** What is amiss with TrafficTargets among the other resources: references to nothing, and identities that cannot be guarded. */
export function defineTrafficTargetResidues(
  { engine, items }: ResolveContext,
  proxies: Query<[], readonly ProxyDescriptor[]>,
): Query<[], readonly Residue[]> {
  const ofReference = (target: ItemOf<'traffic-target'>, reference: TrafficSpecReference): readonly Residue[] => {
    const { specKind, name, origin, matches = [] } = reference;
    const full = `${specKind} ${target.namespace}/${name}`;
    const [spec] = items.list('trafficSpec', full);
    if (spec === undefined) return [invalid(origin, `there is no ${full}; it allows nothing`)];
    return matches
      .filter((wanted) => !spec.matches.some((match) => match.name === wanted))
      .map((wanted) => invalid(origin, `${full} has no match ${wanted}`));
  };

  const ofDestination = ({ namespace, name, origin }: ServiceAccountReference, runs: Runs): readonly Residue[] => {
    const account = `${namespace}/${name}`;
    const roles = runs.get(account) ?? new Set();
    return [
      ...(roles.size === 0 ? [info(origin, `no workload runs as ${account}`)] : []),
      ...(roles.has('node')
        ? [unguarded(origin, `workloads outside the mesh run as ${account}, and nothing guards them`)]
        : []),
      ...(roles.has('gateway')
        ? [unguarded(origin, `a gateway runs as ${account}: TrafficTargets say nothing of ingress`)]
        : []),
    ];
  };

  const ofSource = ({ namespace, name, origin }: ServiceAccountReference, runs: Runs): readonly Residue[] => {
    const account = `${namespace}/${name}`;
    const roles = runs.get(account) ?? new Set();
    if (roles.size === 0) return [info(origin, `no workload runs as ${account}`)];
    if (!roles.has('node')) return [];
    return [
      invalid(origin, `workloads outside the mesh run as ${account}: they cannot show who they are, and are refused`),
    ];
  };

  const ofLabels = (name: string): readonly Residue[] =>
    items.list('namespace', name).flatMap(({ labels, origin }): readonly Residue[] => {
      const value = labels[TRAFFIC_ACCESS_LABEL] ?? 'allow';
      if (value === 'allow' || value === 'deny') return [];
      const at = { ...origin, field: `metadata.labels["${TRAFFIC_ACCESS_LABEL}"]` };
      return [invalid(at, `${value} is neither deny nor allow, and has no effect`)];
    });

  return engine.query('trafficTargetResidues', () => {
    const targets = items
      .keys('trafficTargetByDestination')
      .flatMap((account) => items.list('trafficTargetByDestination', account));
    const runs = targets.length === 0 ? new Map() : runsOf(proxies());
    return [
      ...targets.flatMap((target) => [
        ...ofDestination(target.destination, runs),
        ...target.sources.flatMap((source) => ofSource(source, runs)),
        ...target.rules.flatMap((reference) => ofReference(target, reference)),
      ]),
      ...items.keys('namespace').flatMap(ofLabels),
    ];
  });
}

function runsOf(proxies: readonly ProxyDescriptor[]): Runs {
  const runs = new Map<string, Set<ProxyDescriptor['role']>>();
  for (const { role, identity, workloads } of proxies) {
    for (const { namespace, serviceAccount } of identity === undefined ? workloads : [identity, ...workloads]) {
      const account = `${namespace}/${serviceAccount}`;
      runs.set(account, (runs.get(account) ?? new Set()).add(role));
    }
  }
  return runs;
}

function residue(severity: Residue['severity']) {
  return (origin: Origin, message: string): Residue => ({
    origin,
    severity,
    message: `${origin.field}: ${message}`,
  });
}
const invalid = residue('invalid');
const info = residue('info');
const unguarded = residue('unsupported');
