import { compareText } from '../model/item.ts';
import { distance, isWithin, type Locality, parseLocality, topologyLabels } from '../model/locality.ts';
import type { LocalitySettings } from '../model/policy.ts';
import type { EndpointPlan, EndpointsPlan } from '../plan.ts';
import type { ResolveContext } from './context.ts';
import type { LabelledEndpoint } from './endpoints.ts';
import type { PortSettings } from './traffic-settings.ts';

type Labels = Readonly<Record<string, string>>;

/** Where the client stands, and those of its labels that `failoverPriority` looks at. */
export interface ClientPlace {
  readonly locality: string;
  readonly labels: Labels;
}

/**
 * How near endpoints are preferred. `distribute`: shares of traffic, by where it comes from. `failover`: the nearest that
 * are well; it needs outlier detection, since nothing else would find out who is not (Istio, "Locality Load Balancing").
 */
export type LocalityUse =
  | { readonly kind: 'none' }
  | { readonly kind: 'distribute' | 'failover'; readonly settings: LocalitySettings };

/** What holds where a policy says nothing of localities. */
export function localityOfMesh({ items, settings }: ResolveContext): LocalitySettings | undefined {
  return items.list('meshSettings', '')[0]?.locality ?? settings.defaults.locality;
}

export function localityUse(settings: PortSettings, ofMesh: LocalitySettings | undefined): LocalityUse {
  const locality = settings.loadBalancer?.locality ?? ofMesh;
  if (locality === undefined || locality.enabled === false) return { kind: 'none' };
  if (locality.distribute.length > 0) return { kind: 'distribute', settings: locality };
  return settings.outlierDetection === undefined ? { kind: 'none' } : { kind: 'failover', settings: locality };
}

/**
 * Whether localities are weighed against each other within a priority. Istio does so only where a rule says something of
 * localities, since it takes the choice between all endpoints away from the balancer.
 */
export function weighsLocalities(use: LocalityUse): boolean {
  if (use.kind !== 'failover') return use.kind === 'distribute';
  return use.settings.failover.length > 0 || use.settings.failoverPriority.length > 0;
}

/** The keys of the client's own labels that endpoints are compared with. */
export function comparedLabels(use: LocalityUse): readonly string[] {
  return use.kind === 'failover' ? use.settings.failoverPriority.filter((label) => !label.includes('=')) : [];
}

type Balanced = Pick<EndpointsPlan, 'endpoints' | 'localityWeights'>;

export function balanceLocalities(
  endpoints: readonly LabelledEndpoint[],
  use: LocalityUse,
  client: ClientPlace,
): Balanced {
  switch (use.kind) {
    case 'none':
      return { endpoints: endpoints.map(({ plan }) => plan) };
    case 'distribute':
      return distribute(endpoints, use.settings, parseLocality(client.locality));
    case 'failover':
      return { endpoints: failover(endpoints, use.settings, client) };
  }
}

function distribute(endpoints: readonly LabelledEndpoint[], settings: LocalitySettings, client: Locality): Balanced {
  const all = endpoints.map(({ plan }) => plan);
  const rule = settings.distribute.find(({ from }) => isWithin(client, from));
  if (rule === undefined) return { endpoints: all };
  const weights = new Map<string, number>();
  for (const [pattern, share] of Object.entries(rule.to)) {
    const there = weightByLocality(all.filter((plan) => !weights.has(plan.locality ?? '') && isThere(plan, pattern)));
    const total = [...there.values()].reduce((sum, weight) => sum + weight, 0);
    // Localities that one pattern matches divide its share by the weight of their endpoints.
    for (const [locality, weight] of there) if (total > 0) weights.set(locality, (share * weight) / total);
  }
  const localityWeights = Object.fromEntries([...weights].sort(([a], [b]) => compareText(a, b)));
  return { endpoints: all.filter(({ locality = '' }) => weights.has(locality)), localityWeights };
}

function isThere({ locality = '' }: EndpointPlan, pattern: string): boolean {
  return isWithin(parseLocality(locality), pattern);
}

function weightByLocality(endpoints: readonly EndpointPlan[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const { locality = '', weight } of endpoints) weights.set(locality, (weights.get(locality) ?? 0) + weight);
  return weights;
}

/** More than the places of `failoverByRegion`, so that both orders can be one number. */
const REGION_STEPS = 5;

/**
 * Priorities without gaps: first by labels, where those are compared, then by distance. Endpoints that finish what they
 * have are left out, or they would count as sick ones and send traffic away too early.
 */
function failover(
  endpoints: readonly LabelledEndpoint[],
  settings: LocalitySettings,
  client: ClientPlace,
): readonly EndpointPlan[] {
  const { failoverPriority } = settings;
  const place = parseLocality(client.locality);
  const own = { ...client.labels, ...topologyLabels(place) };
  const byRegion = failoverPriority.length === 0 || settings.failover.length > 0;
  const ranked = endpoints
    .filter(({ plan }) => plan.health !== 'draining')
    .map(({ plan, labels }) => {
      const there = parseLocality(plan.locality ?? '');
      const byLabels = rankByLabels(failoverPriority, own, { ...labels, ...topologyLabels(there) });
      return { plan, rank: byLabels * REGION_STEPS + (byRegion ? rankByRegion(place, there, settings.failover) : 0) };
    });
  const ranks = [...new Set(ranked.map(({ rank }) => rank))].sort((a, b) => a - b);
  return ranked.map(({ plan, rank }) => {
    const priority = ranks.indexOf(rank);
    return priority === 0 ? plan : { ...plan, priority };
  });
}

/** 0 when all labels are equal; a label counts only when all before it are equal. */
function rankByLabels(written: readonly string[], client: Labels, endpoint: Labels): number {
  const index = written.findIndex((entry) => {
    const separator = entry.indexOf('=');
    const key = separator === -1 ? entry : entry.slice(0, separator);
    const wanted = separator === -1 ? client[key] : entry.slice(separator + 1);
    return (wanted ?? '') !== (endpoint[key] ?? '');
  });
  return index === -1 ? 0 : written.length - index;
}

/** By distance; of other regions the one that a rule names for the client's comes before the rest. */
function rankByRegion(client: Locality, endpoint: Locality, rules: LocalitySettings['failover']): number {
  const steps = distance(client, endpoint);
  const rule = steps === 3 ? rules.find(({ from }) => from === client.region) : undefined;
  return rule === undefined || rule.to === endpoint.region ? steps : steps + 1;
}
