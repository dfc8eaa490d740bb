import type { ItemOf } from '../model/fragment.ts';
import { serviceHost } from '../model/host-name.ts';
import { byAge } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { ServicePort } from '../model/service.ts';
import type { InboundPlan, InboundPortPlan } from '../plan.ts';
import type { ProxyDescriptor, ServedWorkload } from '../proxy.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import { withLimits } from './inbound-limits.ts';
import { describedPorts } from './ingress-listeners.ts';
import { type MutualTls, modeAt } from './mutual-tls.ts';
import { inboundCluster } from './names.ts';
import type { Scopings } from './scoping.ts';

export interface InboundParts {
  readonly mutualTls: MutualTls;
  readonly scopings: Scopings;
}

interface Target {
  readonly service: ItemOf<'service'>;
  readonly port: ServicePort;
}

/**
 * The ports on which a proxy takes requests for a workload: those its containers declare and those that services which
 * select it target. The oldest service decides the protocol of a port that several of them target.
 */
export function inboundOf(
  { items, settings, limits }: ResolveContext,
  { mutualTls, scopings }: InboundParts,
  proxy: ProxyDescriptor,
  workload: ServedWorkload,
): InboundPlan {
  const modes = mutualTls.modesOf(workload.namespace, workload.labels);
  const targets = targetsOf(items.list('serviceByNamespace', workload.namespace), workload);
  const declared = workload.containerPorts.filter(({ protocol }) => protocol === 'TCP').map(({ port }) => port);
  const numbers = [...new Set([...declared, ...targets.keys()])].sort((a, b) => a - b);
  // Workloads outside the mesh have no identity: their proxy passes bytes on and asks for nothing.
  const isOutside = proxy.role === 'node';
  const ports = numbers.map((port): InboundPortPlan => {
    const target = targets.get(port);
    const plan: InboundPortPlan = {
      port,
      protocol: isOutside ? 'tcp' : (target?.port.protocol ?? 'tcp'),
      mutualTls: isOutside ? 'disable' : modeAt(modes, port),
      cluster: inboundCluster(port),
      ...(target === undefined
        ? {}
        : { serviceHost: serviceHost(target.service.name, target.service.namespace, settings.clusterDomain) }),
      origin: target?.port.origin ?? {
        resource: { group: '', kind: 'Pod', namespace: workload.namespace, name: workload.pod },
      },
    };
    const { service, port: servicePort } = target ?? {};
    const isNobodys = service === undefined || servicePort === undefined || isOutside;
    return withLimits(
      plan,
      isNobodys ? undefined : limits.ofService(service.namespace, service.name, servicePort.port),
    );
  });
  const scoping = isOutside ? undefined : scopingOf(scopings, proxy);
  if (scoping === undefined) return { workload, ports };
  if (scoping.ingress.length > 0) return { workload, ports: describedPorts(scoping, ports, modes, workload.placement) };
  const connectionPool = scoping.inboundConnectionPool;
  return { workload, ports: connectionPool === undefined ? ports : ports.map((port) => ({ ...port, connectionPool })) };
}

function scopingOf(scopings: Scopings, proxy: ProxyDescriptor): ItemOf<'scoping'> | undefined {
  const name = scopings.variant.of(proxy) || scopings.nameFor(proxy.namespace);
  return name === '' ? undefined : scopings.of(name);
}

function targetsOf(services: readonly ItemOf<'service'>[], workload: ServedWorkload): ReadonlyMap<number, Target> {
  const targets = new Map<number, Target>();
  for (const service of [...services].sort(byAge)) {
    if (service.selector === undefined || !selects(service.selector, workload.labels)) continue;
    for (const port of tcpPorts(service)) {
      const number = targetPortOf(port, workload);
      if (number !== undefined && !targets.has(number)) targets.set(number, { service, port });
    }
  }
  return targets;
}

function targetPortOf({ targetPort }: ServicePort, workload: ServedWorkload): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  return workload.containerPorts.find(({ name, protocol }) => name === targetPort && protocol === 'TCP')?.port;
}
