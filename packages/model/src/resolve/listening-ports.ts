import type { ItemOf } from '../model/fragment.ts';
import { selects } from '../model/labels.ts';
import type { ServicePort } from '../model/service.ts';
import type { ResolveContext } from './context.ts';

/**
 * On which ports the workloads of an account listen for what comes to these ports of their Services, and on these ports
 * themselves: SMI speaks of ports of a Service, and of workloads without saying by which Service they are called.
 */
export function listeningPorts(
  { items }: Pick<ResolveContext, 'items'>,
  namespace: string,
  serviceAccount: string,
  written: readonly number[],
): readonly number[] {
  const pods = items.list('podByNamespace', namespace).filter((pod) => pod.serviceAccount === serviceAccount);
  const targets = items.list('serviceByNamespace', namespace).flatMap(({ selector, ports }) => {
    const selected = selector === undefined ? [] : pods.filter(({ labels }) => selects(selector, labels));
    const named = ports.filter(({ port, transport }) => transport === 'TCP' && written.includes(port));
    return selected.flatMap((pod) => named.flatMap((port) => targetOf(port, pod) ?? []));
  });
  return [...new Set([...written, ...targets])].sort((a, b) => a - b);
}

function targetOf({ targetPort }: ServicePort, { namedPorts }: ItemOf<'workload'>): number | undefined {
  return typeof targetPort === 'number' ? targetPort : namedPorts?.[targetPort];
}
