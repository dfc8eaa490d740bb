import { compareText } from '../model/item.ts';
import { parseLocality, topologyLabels } from '../model/locality.ts';
import type { TrafficSettings } from '../model/policy.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import {
  type ClientPlace,
  comparedLabels,
  type LocalityUse,
  localityOfMesh,
  localityUse,
} from './locality-balancing.ts';
import type { VariantSource } from './scope.ts';
import { settingsOfPort } from './traffic-settings.ts';
import { formatView, narrowLabels, parseView } from './view.ts';
import { workloadLocality } from './workload-locality.ts';

export interface ClientPlaces {
  /** Where a proxy stands, as long as any policy makes it matter. */
  readonly variants: readonly VariantSource[];
  /**
   * What of a client makes a difference for the endpoints of a host, as a view; '' when all see the same. `policy` is
   * what `DestinationPolicies.viewOf` answered.
   */
  viewOf(host: string, policy: string, client: string): string;
}

const LOCALITY = 'locality';
const LABELS = 'locality-labels';

/** The place of a view that `viewOf` made. */
export function placeOf(viewText: string): ClientPlace {
  const { labels, variant } = parseView(viewText);
  return { locality: variant?.[LOCALITY] ?? '', labels };
}

/** Where clients stand, as far as policies look at it. */
export function defineClientPlaces(context: ResolveContext, policies: DestinationPolicies): ClientPlaces {
  const { engine, items, services } = context;
  /** Whether any policy looks at localities, and at which labels besides; a rough answer, the same for all proxies. */
  const looked = engine.query('lookedAtLocalities', () => {
    const uses = items
      .keys('destinationPolicy')
      .flatMap((name) => items.list('destinationPolicy', name))
      .flatMap(({ settings: own, subsets }) => [own, ...subsets.map((subset) => subset.settings)])
      .flatMap((entry) => (entry === undefined ? [] : usesOf(entry)));
    return { isUsed: uses.length > 0, labels: [...new Set(uses.flatMap(comparedLabels))].sort(compareText) };
  });

  const usesOf = (written: TrafficSettings): readonly LocalityUse[] =>
    [undefined, ...(written.ports ?? []).map(({ port }) => port)]
      .map((port) => localityUse(port === undefined ? written : settingsOfPort(written, port), localityOfMesh(context)))
      .filter(({ kind }) => kind !== 'none');

  const variants: readonly VariantSource[] = [
    {
      key: LOCALITY,
      of: ({ locality, workloads }) => {
        if (!looked().isUsed) return '';
        const own = workloads.map(({ namespace, pod }) => items.list('workload', `${namespace}/${pod}`)[0]);
        return locality ?? own.map((workload) => workloadLocality(items, workload)).find(Boolean) ?? '';
      },
    },
    {
      key: LABELS,
      // As the labels of a view are written, so that they can be taken apart again.
      of: ({ labels }) => formatView({ namespace: '', labels: narrowLabels(labels, looked().labels) }),
    },
  ];

  /** Remembered by host and policy: for nearly all of them it is nothing, whoever the client is. */
  const usesOfHost = engine.query('localityUses', (host: string, policy: string): readonly LocalityUse[] => {
    const subsets = ['', ...(policies.effective(host, policy)?.subsets ?? []).map(({ name }) => name)];
    return (services.of(host)?.ports ?? []).flatMap(({ port }) =>
      subsets
        .map((subset) => localityUse(policies.settingsOf(host, port, subset, policy), localityOfMesh(context)))
        .filter(({ kind }) => kind !== 'none'),
    );
  });

  const viewOf = (host: string, policy: string, client: string): string => {
    const uses = usesOfHost(host, policy);
    if (uses.length === 0) return '';
    const { variant = {} } = parseView(client);
    const locality = variant[LOCALITY] ?? '';
    const topology = Object.keys(topologyLabels(parseLocality(locality)));
    const keys = uses.flatMap(comparedLabels).filter((key) => !topology.includes(key));
    const { labels } = parseView(variant[LABELS] ?? '');
    return formatView({ namespace: '', labels: narrowLabels(labels, keys), variant: { [LOCALITY]: locality } });
  };

  return { variants, viewOf };
}
