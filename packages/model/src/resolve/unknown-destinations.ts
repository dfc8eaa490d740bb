import type { OutboundPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { outboundCluster } from './names.ts';
import type { Scopings } from './scoping.ts';
import { parseView } from './view.ts';

type Unknown = Pick<OutboundPlan, 'unknownDestinations' | 'unknownDestinationsCluster'>;

/**
 * What becomes of connections and hosts that nothing knows: as the Sidecar says (`outboundTrafficPolicy`), else as the
 * mesh says (MeshConfig), else as is usual there. A Sidecar that sends them through a proxy names its cluster.
 */
export function defineUnknownDestinations(
  { engine, items, settings }: ResolveContext,
  scopings: Scopings,
): Query<[view: string], Unknown> {
  return engine.query('unknownDestinations', (view: string): Unknown => {
    const name = parseView(view).variant?.[scopings.variant.key];
    const scoping = name === undefined ? undefined : scopings.of(name);
    const mode =
      scoping?.unknownDestinations ??
      items.list('meshSettings', '')[0]?.unknownDestinations ??
      settings.defaults.unknownDestinations;
    if (mode === undefined) return {};
    const proxy = scoping?.egressProxy;
    if (mode === 'refuse' || proxy?.port === undefined) return { unknownDestinations: mode };
    const cluster = outboundCluster(proxy.port, proxy.subset, proxy.host);
    return { unknownDestinations: mode, unknownDestinationsCluster: cluster };
  });
}
