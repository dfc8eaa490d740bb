import type { ItemOf } from '../model/fragment.ts';
import { fullHost } from '../model/host-name.ts';
import type { Origin, Residue } from '../provenance.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';

/**
 * What is amiss with a TrafficSplit among the other resources: no such service, backends that are not there or lack a port of
 * it ("It is recommended that implementations issue an event"), and backends with splits of their own.
 */
export function splitResidues(
  { items, services, settings }: Pick<ResolveContext, 'items' | 'services' | 'settings'>,
  split: ItemOf<'routing'>,
): readonly Residue[] {
  const [written = ''] = split.hosts;
  const full = (name: string) => fullHost(name, split.namespace, settings.clusterDomain);
  const root = services.of(services.keyFor(full(written), split.namespace));
  const [rule] = split.rules;
  const backends = rule?.action.kind === 'forward' ? rule.action.destinations : [];
  const ofBackends = backends.flatMap(({ host, weight, origin }): readonly Residue[] => {
    const service = services.of(services.keyFor(full(host), split.namespace));
    const loss = weight > 0 ? 'it gets nothing, and its share goes to the others' : 'it gets nothing';
    if (service === undefined) return [invalid(origin, `there is no service ${full(host)}; ${loss}`)];
    const has = new Set(tcpPorts(service).map(({ port }) => port));
    const lacking = tcpPorts(root).filter(({ port }) => !has.has(port));
    const remarks = lacking.map(({ port }) =>
      invalid(origin, `${full(host)} has no port ${port}, as ${full(written)} has; there ${loss}`),
    );
    const nested = items
      .list('routingByHost', full(host))
      .find((other) => other.isSplit === true && host !== written && other.hosts.includes(host));
    if (nested === undefined) return remarks;
    const message = `${full(host)} is split by ${nested.namespace}/${nested.name}, which does not apply here: splits are not nested`;
    return [...remarks, invalid(origin, message)];
  });
  const at = { ...split.origin, field: 'spec.service' };
  return [...(root === undefined ? [invalid(at, `there is no service ${full(written)}`)] : []), ...ofBackends];
}

function invalid(origin: Origin, message: string): Residue {
  return { origin, severity: 'invalid', message: `${origin.field}: ${message}` };
}
