import type { ItemOf } from '../model/fragment.ts';
import { selects } from '../model/labels.ts';
import type { Residue } from '../provenance.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { egressEntries, importsHost, type Scopings } from './scoping.ts';

type Scoping = ItemOf<'scoping'>;

/** Sidecars that an older one leaves without effect (Istio: undefined behaviour), and hosts that nothing has. */
export function defineScopingResidues(
  { engine, items, services }: ResolveContext,
  scopings: Scopings,
  proxies: Query<[], readonly ProxyDescriptor[]>,
): Query<[], readonly Residue[]> {
  const ofNamespace = engine.query('scopingResidues', (namespace: string): readonly Residue[] =>
    items.list('scopingByNamespace', namespace).flatMap((scoping) => [...shadowed(scoping), ...missing(scoping)]),
  );

  const shadowed = (scoping: Scoping): readonly Residue[] => {
    const { namespace, selector } = scoping;
    if (selector === undefined) {
      const holds = scopings.wideOf(namespace);
      if (holds === undefined || holds.name === scoping.name) return [];
      return [
        remark(scoping, undefined, `has no effect: the older ${holds.name} holds for all workloads of ${namespace}`),
      ];
    }
    const [hit] = proxies().flatMap((proxy) => {
      if (proxy.role !== 'sidecar' || proxy.namespace !== namespace || !selects(selector, proxy.labels)) return [];
      const holds = scopings.selectiveOf(namespace).find((other) => selects(other.selector ?? {}, proxy.labels));
      return holds === undefined || holds.name === scoping.name ? [] : [{ holds, pod: proxy.workloads[0]?.pod }];
    });
    if (hit === undefined) return [];
    return [
      remark(scoping, 'spec.workloadSelector', `selects ${hit.pod}, for which the older ${hit.holds.name} holds`),
    ];
  };

  const missing = (scoping: Scoping): readonly Residue[] =>
    (scoping.egress ?? []).flatMap(({ hosts, origin }) =>
      egressEntries(hosts, scoping.namespace).flatMap((entry, index): readonly Residue[] => {
        if (entry.isExclusion || entry.host.startsWith('*')) return [];
        const isThere = services.visibleKeys(entry.host, scoping.namespace).some((key) => {
          const service = services.of(key);
          return service !== undefined && importsHost([entry], service.namespace, entry.host);
        });
        if (isThere) return [];
        const field = `${origin.field}.hosts[${index}]`;
        return [remark(scoping, field, `there is no service ${hosts[index]} to see`)];
      }),
    );

  return engine.query('allScopingResidues', () =>
    items.keys('scopingByNamespace').flatMap((namespace) => ofNamespace(namespace)),
  );
}

function remark({ origin }: Scoping, field: string | undefined, message: string): Residue {
  if (field === undefined) return { origin, severity: 'invalid', message };
  return { origin: { ...origin, field }, severity: 'invalid', message: `${field}: ${message}` };
}
