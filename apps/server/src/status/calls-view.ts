import type { CallView, ProxyView } from '@meshwise/api';
import type { UpstreamSample } from './sampler.ts';
import type { Snapshot } from './snapshot.ts';
import { sumTraffic } from './traffic.ts';

/** As Istio names clusters: direction, port, subset, host. */
const CLUSTER = /^outbound\|(\d+)\|([^|]*)\|([^|]+)$/;

/**
 * What each workload calls, summed over its pods. Seen by the caller, so that it holds what never arrived as well; pods
 * outside the mesh share one proxy, which cannot tell them apart, and stand for themselves together.
 */
export function callViews(snapshot: Snapshot, proxies: readonly ProxyView[], clusterDomain: string): CallView[] {
  const serviceOf = new Map(
    snapshot.services.map(({ metadata: { name, namespace } }) => [
      `${name}.${namespace}.svc.${clusterDomain}`,
      `${namespace}/${name}`,
    ]),
  );
  const seen = proxies.flatMap((proxy) =>
    [...(snapshot.samples.proxies.get(proxy.id)?.upstream ?? [])].map(([cluster, sample]) => ({
      from: proxy.workload,
      cluster,
      sample,
    })),
  );
  return [...Map.groupBy(seen, ({ from, cluster }) => JSON.stringify([from, cluster])).values()].flatMap((pods) => {
    const [first] = pods;
    const [, port, subset, host] = CLUSTER.exec(first?.cluster ?? '') ?? [];
    if (first === undefined || host === undefined) return [];
    const samples = pods.map(({ sample }) => sample);
    return [
      {
        from: first.from,
        service: serviceOf.get(host) ?? null,
        host,
        port: Number(port),
        subset: subset === '' || subset === undefined ? null : subset,
        mutualTls: mutualTls(samples),
        traffic: sumTraffic(samples.map(({ traffic }) => traffic)),
      },
    ];
  });
}

/** One pod that speaks plain text is enough for a call not to be secure. */
function mutualTls(samples: readonly UpstreamSample[]): boolean | null {
  const known = samples.map((sample) => sample.mutualTls).filter((value) => value !== undefined);
  return known.length === 0 ? null : known.every(Boolean);
}
