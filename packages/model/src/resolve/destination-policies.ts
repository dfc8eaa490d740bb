import type { ItemOf } from '../model/fragment.ts';
import { isPattern, mostSpecific } from '../model/host-name.ts';
import { byAge, isRestricted, isVisible } from '../model/item.ts';
import type { Subset, TrafficSettings } from '../model/policy.ts';
import type { Origin } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';

type DestinationPolicy = ItemOf<'destination-policy'>;

/** What holds for a destination after several resources for it were put together. */
export interface EffectivePolicy {
  readonly settings: TrafficSettings;
  readonly subsets: readonly Subset[];
  readonly origin: Origin;
}

export interface DestinationPolicies {
  /** Whether clients in different namespaces may see different policies for this host. */
  readonly varies: Query<[host: string], boolean>;
  /**
   * What of the client's namespace makes a difference for this host: the namespace, or '' when all namespaces see the
   * same. Everything made for a host is keyed by this, so that clients in all namespaces share it.
   */
  readonly viewOf: Query<[host: string, clientNamespace: string], string>;
  readonly effective: Query<[host: string, view: string], EffectivePolicy | undefined>;
}

/**
 * Which DestinationRules hold for a client of a host, as Istio does it: those in the client's own namespace (unless that
 * is the root namespace), else those in the namespace of the service, else those in the root namespace; within the
 * namespace those for the most specific host; several for one host are merged.
 */
export function defineDestinationPolicies({ engine, items, settings }: ResolveContext): DestinationPolicies {
  const patterns = engine.query('destinationPolicyPatterns', () =>
    items.keys('destinationPolicyByHost').filter(isPattern),
  );

  const candidates = engine.query(
    'destinationPolicyCandidates',
    (host: string): readonly (readonly [string, DestinationPolicy])[] => {
      const hosts = [host, ...patterns().filter((pattern) => mostSpecific(host, [pattern]) !== undefined)];
      return hosts.flatMap((written) =>
        items.list('destinationPolicyByHost', written).map((item) => [written, item] as const),
      );
    },
  );

  const namespaceOf = (host: string) => items.list('serviceByHost', host)[0]?.namespace;

  const varies = engine.query('destinationPolicyVaries', (host: string): boolean => {
    const common = [namespaceOf(host), settings.rootNamespace];
    return candidates(host).some(([, item]) => !common.includes(item.namespace) || isRestricted(item.exportTo));
  });

  const viewOf = engine.query('destinationPolicyView', (host: string, clientNamespace: string): string => {
    if (!varies(host)) return '';
    const common = [namespaceOf(host), settings.rootNamespace];
    const isOwn = candidates(host).some(
      ([, { namespace, exportTo }]) =>
        (namespace === clientNamespace && !common.includes(namespace)) || isRestricted(exportTo),
    );
    return isOwn ? clientNamespace : '';
  });

  const effective = engine.query(
    'effectiveDestinationPolicy',
    (host: string, view: string): EffectivePolicy | undefined => {
      const serviceNamespace = namespaceOf(host);
      const order = [view === settings.rootNamespace ? undefined : view, serviceNamespace, settings.rootNamespace];
      for (const namespace of order) {
        if (namespace === undefined || namespace === '') continue;
        const there = candidates(host).filter(
          ([, item]) => item.namespace === namespace && isVisible(item.exportTo, namespace, view),
        );
        const best = mostSpecific(
          host,
          there.map(([written]) => written),
        );
        if (best !== undefined) return merge(there.filter(([written]) => written === best).map(([, item]) => item));
      }
      return undefined;
    },
  );

  return { varies, viewOf, effective };
}

/** Subsets of all are put together, the oldest resource wins over later ones with the same name; so do its settings. */
function merge(policies: readonly DestinationPolicy[]): EffectivePolicy | undefined {
  const [oldest, ...later] = [...policies].sort(byAge);
  if (oldest === undefined) return undefined;
  const subsets = [...oldest.subsets];
  for (const subset of later.flatMap((policy) => policy.subsets)) {
    if (!subsets.some(({ name }) => name === subset.name)) subsets.push(subset);
  }
  const settings = [oldest, ...later].find((policy) => policy.settings !== undefined)?.settings ?? {};
  return { settings, subsets, origin: oldest.origin };
}
