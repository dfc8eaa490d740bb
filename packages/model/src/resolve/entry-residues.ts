import type { ItemOf } from '../model/fragment.ts';
import { selects } from '../model/labels.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { isEntry } from './services.ts';

/** What an entry says and another resource for the same host leaves without effect; workloads that cannot be reached. */
export function defineEntryResidues({ engine, items, services }: ResolveContext): Query<[], readonly Residue[]> {
  const ofHost = engine.query('entryResidues', (host: string): readonly Residue[] => {
    const namespaces = new Set(items.list('serviceByHost', host).map(({ namespace }) => namespace));
    return [...namespaces].flatMap((namespace) => {
      const parts = items.list('serviceByHost', host).filter((service) => service.namespace === namespace);
      return [...shadowed(host, parts), ...unreached(host, parts)];
    });
  });

  const shadowed = (host: string, parts: readonly ItemOf<'service'>[]): readonly Residue[] => {
    if (parts.length < 2) return [];
    const kubernetes = parts.find((service) => !isEntry(service));
    const effective = services.of(host)?.ports ?? [];
    return parts.filter(isEntry).flatMap((entry): readonly Residue[] => {
      if (kubernetes !== undefined) {
        const message = `spec.hosts: ${host} is a Service of Kubernetes, of which only the subjectAltNames are extended`;
        return [{ origin: { ...entry.origin, field: 'spec.hosts' }, severity: 'info', message }];
      }
      const lost = entry.ports.filter(({ port }) => !effective.some((known) => known.port === port));
      return lost.map((port): Residue => {
        const message = `${port.origin.field}: an older ServiceEntry for ${host} says something else, so this port is not served`;
        return { origin: port.origin, severity: 'invalid', message };
      });
    });
  };

  const unreached = (host: string, parts: readonly ItemOf<'service'>[]): readonly Residue[] => {
    const service = parts.find((part) => !isEntry(part));
    if (service?.selector === undefined || Object.keys(service.selector).length === 0) return [];
    const { selector, namespace } = service;
    const selected = items
      .list('workloadEntryByNamespace', namespace)
      .filter(({ labels }) => selects(selector, labels));
    const hasPods = items.list('endpointsByHost', host).some(({ endpoints }) => endpoints.length > 0);
    if (!hasPods && !selected.some(({ isAttached }) => isAttached === true)) return [];
    return selected
      .filter(({ isAttached }) => isAttached !== true)
      .map(({ origin }): Residue => {
        const why = 'which has pods or attached processes too: connections to both cannot be made from one network';
        const message = `spec.address: is not reached through ${host}, ${why}`;
        return { origin: { ...origin, field: 'spec.address' }, severity: 'unsupported', message };
      });
  };

  return engine.query('allEntryResidues', () => services.hosts().flatMap((host) => ofHost(host)));
}
