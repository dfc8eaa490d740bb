import type { ItemOf } from '../model/fragment.ts';
import { covers, fullHost, isPattern, mostSpecific } from '../model/host-name.ts';
import { byAge, compareText, isRestricted, isVisible } from '../model/item.ts';
import type { ClientMatch } from '../model/routing.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Destinations } from './destinations.ts';
import { exportToOf } from './export-to.ts';
import { referencesOf } from './routes.ts';
import { egressEntries, importsRules, type Scopings } from './scoping.ts';
import { hostOfKey } from './service-key.ts';
import type { ServiceRoutes } from './service-routes.ts';
import type { RuleOwner } from './specificity.ts';
import { formatView, narrowLabels, parseView, type View } from './view.ts';

type Routing = ItemOf<'routing'>;

export interface RoutingCandidates {
  /** Labels that rules for sidecars look at; they are part of a sidecar's scope. */
  readonly sourceLabelKeys: Query<[], readonly string[]>;
  /** The routings for a service's host that a client may see: the first one with rules for a request holds. */
  readonly candidates: Query<[host: string, client: string], readonly Routing[]>;
  /** All routings whose hosts are or cover the host: their rules for bytes are tried one after the other. */
  readonly byteCandidates: Query<[host: string, client: string], readonly Routing[]>;
  /** Those that have exactly this host or pattern. */
  readonly writtenFor: Query<[written: string, client: string], readonly Routing[]>;
  /** Whether clients may see different rules for this host. */
  readonly varies: Query<[host: string], boolean>;
  /** Whether a client's Sidecar, if it has one, imports rules of a namespace for hosts. */
  isImported(namespace: string, hosts: readonly string[], client: string): boolean;
  /** What of the client's view makes a difference for this host; '' when all clients see the same. */
  readonly viewOf: Query<[host: string, view: string], string>;
}

/**
 * Which routings sidecars follow for a host: those for the exact host, else the one for the most specific pattern. Of
 * several for one host, those go first that are only for the client's own namespace, then those exported to it by name,
 * then those for everybody, each of them oldest first: the order in which Istio collects them.
 */
export function defineRoutingCandidates(
  { engine, items, services, settings }: ResolveContext,
  policies: DestinationPolicies,
  destinations: Destinations,
  scopings: Scopings,
  serviceRoutes: ServiceRoutes,
): RoutingCandidates {
  const patterns = engine.query('routingPatterns', () => items.keys('routingByHost').filter(isPattern));

  const rank = (routing: Routing, namespace: string): number => {
    if (routing.isSplit === true) return 3;
    const exportTo = exportToOf(items, routing);
    if (!isRestricted(exportTo)) return 2;
    return routing.namespace === namespace ? 0 : 1;
  };
  const isImported = (ruleNamespace: string, hosts: readonly string[], client: string): boolean => {
    const { namespace, variant } = parseView(client);
    const scoping = variant?.[scopings.variant.key];
    const egress = scoping === undefined ? undefined : scopings.of(scoping)?.egress;
    if (egress === undefined) return true;
    const entries = egress.flatMap((listener) => egressEntries(listener.hosts, namespace));
    return importsRules(entries, ruleNamespace, hosts);
  };
  const fullHosts = (routing: Routing) =>
    routing.hosts.map((host) => fullHost(host, routing.namespace, settings.clusterDomain));
  const inOrder = (routings: readonly Routing[], client: string): readonly Routing[] => {
    const { namespace } = parseView(client);
    return routings
      .filter((item) => isVisible(exportToOf(items, item), item.namespace, namespace))
      .filter((item) => isImported(item.namespace, fullHosts(item), client))
      .sort((a, b) => rank(a, namespace) - rank(b, namespace) || byAge(a, b));
  };

  const writtenFor = engine.query('routingsWrittenFor', (written: string, client: string): readonly Routing[] =>
    inOrder(items.list('routingByHost', written), client),
  );

  const candidates = engine.query('routingCandidates', (key: string, client: string): readonly Routing[] => {
    const host = hostOfKey(key);
    const exact = writtenFor(host, client);
    // A split holds where nothing else does, a rule for a pattern neither.
    if (exact.some(({ isSplit }) => isSplit !== true)) return exact;
    const best = mostSpecific(
      host,
      patterns().filter((pattern) => writtenFor(pattern, client).length > 0),
    );
    return best === undefined ? exact : [...writtenFor(best, client).slice(0, 1), ...exact];
  });

  const matching = (host: string): readonly string[] => [
    host,
    ...patterns().filter((pattern) => pattern !== host && covers(pattern, host)),
  ];

  const byteCandidates = engine.query('byteRoutingCandidates', (key: string, client: string): readonly Routing[] => {
    const all = matching(hostOfKey(key)).flatMap((written) => items.list('routingByHost', written));
    return inOrder([...new Set(all)], client).filter(({ byteRules = [] }) => byteRules.length > 0);
  });

  const matchesOf = (routing: Routing): readonly ClientMatch[] =>
    [...destinations.rulesOf(routing), ...(routing.byteRules ?? [])].flatMap(({ matches }) => matches);
  const labelKeysOf = (routing: Routing): readonly string[] =>
    matchesOf(routing).flatMap(({ sourceLabels = {} }) => Object.keys(sourceLabels));

  const sourceLabelKeys = engine.query('sourceLabelKeys', () => {
    const keys = items.keys('routingByHost').flatMap((host) => items.list('routingByHost', host).flatMap(labelKeysOf));
    return [...new Set(keys)].sort(compareText);
  });

  const leadsElsewhereForSome = (owner: RuleOwner): boolean =>
    [
      ...destinations.rulesOf(owner).flatMap(referencesOf),
      ...(owner.byteRules ?? []).flatMap((rule) => rule.destinations),
    ]
      .map((to) => destinations.backendOf(owner, to).host)
      .some((host) => services.varies(host) || policies.varies(host));
  const looksAtClient = (routing: Routing): boolean =>
    matchesOf(routing).some((match) => match.sourceNamespace !== undefined || match.sourceLabels !== undefined) ||
    leadsElsewhereForSome(routing);

  /** Between routes and rules for one host the client's own namespace tips the scales. */
  const meetsRoutes = (key: string): boolean =>
    serviceRoutes.attachedTo(key).length > 0 && items.list('routingByHost', hostOfKey(key)).length > 0;

  const varies = engine.query(
    'routingVaries',
    (key: string): boolean =>
      policies.shapesRoutes(key) ||
      serviceRoutes.varies(key) ||
      meetsRoutes(key) ||
      serviceRoutes.attachedTo(key).some(leadsElsewhereForSome) ||
      matching(hostOfKey(key)).some((written) =>
        items
          .list('routingByHost', written)
          .some((routing) => isRestricted(exportToOf(items, routing)) || looksAtClient(routing)),
      ),
  );

  const viewOf = engine.query('routingView', (key: string, viewText: string): string => {
    const view = parseView(viewText);
    const client = clientOf(view);
    if (!varies(key) && parseView(client).variant === undefined) return '';
    const written = matching(hostOfKey(key)).flatMap((host) => writtenFor(host, client));
    const seen = parseView(client);
    return formatView({
      ...seen,
      labels: narrowLabels(view.labels, written.flatMap(labelKeysOf)),
      variant: { ...seen.variant, ...narrowLabels(view.variant ?? {}, [policies.variant.key]) },
    });
  });

  return { sourceLabelKeys, candidates, byteCandidates, writtenFor, isImported, varies, viewOf };
}

/** What of a view decides which routings a client sees. */
export function clientOf({ namespace, variant }: View): string {
  const scoping = variant?.['scoping'];
  return formatView({ namespace, labels: {}, ...(scoping === undefined ? {} : { variant: { scoping } }) });
}
