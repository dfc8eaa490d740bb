import { isPattern, mostSpecific } from '../model/host-name.ts';
import { compareText, isRestricted, isVisible } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import {
  chosen,
  type DestinationPolicy,
  type EffectivePolicy,
  isSeenByRoutes,
  merge,
  namesSecret,
} from './destination-policy-merge.ts';
import { exportToOf } from './export-to.ts';
import type { VariantSource } from './scope.ts';
import { hostOfKey } from './service-key.ts';
import { type PortSettings, settingsOfPort, settingsOfSubset } from './traffic-settings.ts';
import { formatView, parseView, type View } from './view.ts';

export interface DestinationPolicies {
  /** Which policies select a proxy. */
  readonly variant: VariantSource;
  /** Whether different clients may see different policies for this host. */
  readonly varies: Query<[host: string], boolean>;
  /**
   * What of the client makes a difference for this host, as a view; '' when all see the same. Everything made for a host
   * is keyed by this, so that clients in all namespaces share it. Takes any view, a bare namespace too.
   */
  readonly viewOf: Query<[host: string, client: string], string>;
  /** `view` is what `viewOf` answered for the host. */
  readonly effective: Query<[host: string, view: string], EffectivePolicy | undefined>;
  /** Whether clients may see different routes or listeners for this host because their policies differ. */
  readonly shapesRoutes: Query<[host: string], boolean>;
  /** What holds for a port of the host, or of one of its subsets. */
  readonly settingsOf: Query<[host: string, port: number, subset: string, view: string], PortSettings>;
}

/** The key in a view of what a gateway may do and a sidecar may not: use Secrets of its namespace. */
const ROLE = 'role';

/** The view of a gateway, for policies that mean something else there. */
export function asGateway(view: View): View {
  return { ...view, variant: { ...view.variant, [ROLE]: 'gateway' } };
}

export function isGatewayView({ variant }: View): boolean {
  return variant?.[ROLE] === 'gateway';
}

/**
 * Which DestinationRules hold for a client of a host, as Istio does it: those in the client's own namespace (in the root
 * namespace only those that stay there), else those in the namespace of the service, else those in the root namespace;
 * within the namespace those for the most specific host; of those the ones that select the client's workload, else the
 * ones that select none. Several that remain are merged.
 */
export function defineDestinationPolicies({ engine, items, services, settings }: ResolveContext): DestinationPolicies {
  const patterns = engine.query('destinationPolicyPatterns', () =>
    items.keys('destinationPolicyByHost').filter(isPattern),
  );

  const candidates = engine.query(
    'destinationPolicyCandidates',
    (key: string): readonly (readonly [string, DestinationPolicy])[] => {
      const host = hostOfKey(key);
      const hosts = [host, ...patterns().filter((pattern) => mostSpecific(host, [pattern]) !== undefined)];
      return hosts.flatMap((written) =>
        items.list('destinationPolicyByHost', written).map((item) => [written, item] as const),
      );
    },
  );

  /** Those of a namespace that look at the labels of clients. */
  const selective = engine.query('selectiveDestinationPolicies', (namespace: string): readonly DestinationPolicy[] =>
    items
      .keys('destinationPolicy')
      .filter((name) => name.startsWith(`${namespace}/`))
      .flatMap((name) => items.list('destinationPolicy', name))
      .filter(({ clientSelector }) => clientSelector !== undefined),
  );
  const variant: VariantSource = {
    key: 'destination-policy',
    of: ({ namespace, labels }) =>
      selective(namespace)
        .filter(({ clientSelector }) => selects(clientSelector ?? {}, labels))
        .map(({ name }) => name)
        .sort(compareText)
        .join(' '),
  };
  const selectedNames = (view: View): readonly string[] =>
    (view.variant?.[variant.key] ?? '').split(' ').filter((name) => name !== '');

  const namespaceOf = (host: string) => services.of(host)?.namespace;
  const exportTo = (item: DestinationPolicy) => exportToOf(items, item);
  const isForSome = (item: DestinationPolicy) =>
    isRestricted(exportTo(item)) || item.clientSelector !== undefined || namesSecret(item);

  const varies = engine.query('destinationPolicyVaries', (host: string): boolean => {
    const common = [namespaceOf(host), settings.rootNamespace];
    return candidates(host).some(([, item]) => !common.includes(item.namespace) || isForSome(item));
  });

  const viewOf = engine.query('destinationPolicyView', (host: string, client: string): string => {
    if (!varies(host)) return '';
    const view = parseView(client);
    const { namespace } = view;
    const common = [namespaceOf(host), settings.rootNamespace];
    const all = candidates(host).map(([, item]) => item);
    const isOwn = all.some(
      (item) =>
        isRestricted(exportTo(item)) ||
        namesSecret(item) ||
        (item.namespace === namespace && (item.clientSelector !== undefined || !common.includes(namespace))),
    );
    const selected = selectedNames(view).filter((name) =>
      all.some((item) => item.namespace === namespace && item.name === name),
    );
    if (!isOwn && selected.length === 0) return '';
    const role = all.some(namesSecret) && isGatewayView(view) ? { [ROLE]: 'gateway' } : {};
    const chosen = selected.length === 0 ? {} : { [variant.key]: selected.join(' ') };
    const narrowed: View = { namespace, labels: {}, variant: { ...role, ...chosen } };
    return formatView(narrowed);
  });

  const effective = engine.query(
    'effectiveDestinationPolicy',
    (host: string, viewText: string): EffectivePolicy | undefined => {
      const view = parseView(viewText);
      const client = view.namespace;
      const selected = selectedNames(view);
      const { rootNamespace } = settings;
      /** The rules of a namespace that decide, when it has any for the host. */
      const inNamespace = (namespace: string | undefined, accepts: (item: DestinationPolicy) => boolean) => {
        const there = candidates(host).filter(
          ([, item]) =>
            item.namespace === namespace && isVisible(exportTo(item), item.namespace, client) && accepts(item),
        );
        const best = mostSpecific(
          hostOfKey(host),
          there.map(([written]) => written),
        );
        const decisive = there.filter(([written]) => written === best).map(([, item]) => item);
        return decisive.length === 0 ? undefined : decisive;
      };
      const staysHome = (item: DestinationPolicy) => isRestricted(exportTo(item));
      const isForAll = (item: DestinationPolicy) => item.clientSelector === undefined;
      const found =
        (client === '' ? undefined : inNamespace(client, client === rootNamespace ? staysHome : () => true)) ??
        inNamespace(namespaceOf(host), isForAll) ??
        inNamespace(rootNamespace, isForAll);
      return found === undefined ? undefined : merge(chosen(found, selected));
    },
  );

  const shapesRoutes = engine.query(
    'destinationPolicyShapesRoutes',
    (host: string): boolean => varies(host) && candidates(host).some(([, item]) => isSeenByRoutes(item)),
  );

  const settingsOf = engine.query(
    'destinationSettings',
    (host: string, port: number, subsetName: string, view: string): PortSettings => {
      const policy = effective(host, view);
      if (policy === undefined) return {};
      const subset = policy.subsets.find(({ name }) => name === subsetName);
      return subset === undefined
        ? settingsOfPort(policy.settings, port)
        : settingsOfSubset(policy.settings, subset.settings, port);
    },
  );

  return { variant, varies, viewOf, effective, shapesRoutes, settingsOf };
}
