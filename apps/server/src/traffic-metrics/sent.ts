import type { EndpointPlan, MeshModel } from '@meshwise/model';
import type { RunningProxy } from '@meshwise/platform';
import type { Figures } from './figures.ts';
import type { Population } from './population.ts';
import type { TrafficWindow } from './recorder.ts';

/** Requests that a pod's proxy sent to one cluster. */
export interface Sent {
  /** `namespace/name`. */
  readonly pod: string;
  readonly host: string;
  /** The pods that the cluster leads to, `namespace/name`. */
  readonly targets: readonly string[];
  readonly figures: Figures;
}

export function sentIn(
  { proxies }: TrafficWindow,
  running: readonly RunningProxy[],
  model: Pick<MeshModel, 'scopeOf' | 'outbound'>,
): readonly Sent[] {
  return running.flatMap(({ descriptor, pod }): readonly Sent[] => {
    const sent = proxies.get(descriptor.id)?.sent;
    if (sent === undefined || sent.size === 0 || pod === undefined) return [];
    const { clusters, endpoints } = model.outbound(model.scopeOf(descriptor.id));
    const targets = new Map(endpoints.map((plan) => [plan.cluster, plan.endpoints]));
    return clusters.flatMap(({ name, host }) => {
      const figures = sent.get(name);
      if (figures === undefined) return [];
      const names = (targets.get(name) ?? []).flatMap(({ workload }) => podName(workload));
      return [{ pod: `${pod.namespace}/${pod.name}`, host, targets: names, figures }];
    });
  });
}

function podName(workload: EndpointPlan['workload']): readonly string[] {
  return workload === undefined ? [] : [`${workload.namespace}/${workload.pod}`];
}

/** `default/reviews` of `reviews.default.svc.cluster.local`; undefined for what is no Service. */
export function serviceOfHost(host: string): string | undefined {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(host) ?? [];
  return name === undefined ? undefined : `${namespace}/${name}`;
}

/** The resources of a kind that requests were for. Envoy counts by cluster, so that there may be several. */
export function receiversOf(kind: string, { host, targets }: Sent, population: Population): readonly string[] {
  if (kind === 'Service') {
    const service = serviceOfHost(host);
    return service === undefined ? [] : [service];
  }
  return [...new Set(targets.flatMap((pod) => population.resourcesOf(kind, pod)))].sort();
}
