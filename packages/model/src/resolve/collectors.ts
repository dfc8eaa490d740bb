import type { ClusterPlan, EndpointsPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { ClientPlaces } from './client-place.ts';
import type { Clusters } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { TelemetryProviders } from './telemetry-providers.ts';
import { parseView } from './view.ts';

export interface Collectors {
  readonly clustersFor: Query<[view: string], readonly ClusterPlan[]>;
  readonly endpointsFor: Query<[view: string], readonly EndpointsPlan[]>;
}

/**
 * The clusters of whom proxies call themselves: collectors of telemetry, and external authorizers. Proxies have them
 * whatever a Sidecar lets their programs see: a listener that names a cluster which is not there is refused as a whole.
 */
export function defineCollectors(
  { engine }: ResolveContext,
  sources: readonly Pick<TelemetryProviders, 'collectors'>[],
  parts: { readonly clusters: Clusters; readonly policies: DestinationPolicies; readonly places: ClientPlaces },
): Collectors {
  const { clusters, policies, places } = parts;
  const policyOf = (key: string, view: string) => (policies.varies(key) ? policies.viewOf(key, view) : '');
  const found = (view: string) => {
    const { namespace } = parseView(view);
    const all = sources.flatMap((source) => source.collectors(namespace));
    return [...new Map(all.map((collector) => [collector.cluster, collector])).values()];
  };
  return {
    clustersFor: engine.query('collectorClusters', (view: string) =>
      found(view).flatMap(({ key, cluster }) =>
        clusters.ofHost(key, policyOf(key, view)).filter(({ name }) => name === cluster),
      ),
    ),
    endpointsFor: engine.query('collectorEndpoints', (view: string) =>
      found(view).flatMap(({ key, cluster }) => {
        const policy = policyOf(key, view);
        const all = clusters.endpointsOfHost(key, policy, places.viewOf(key, policy, view));
        return all.filter((endpoints) => endpoints.cluster === cluster);
      }),
    ),
  };
}
