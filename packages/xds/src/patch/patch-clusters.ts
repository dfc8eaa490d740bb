import type { PatchPlan } from '@meshwise/model';
import { type Cluster, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { merged } from './merge.ts';
import { clusterMatches } from './patch-match.ts';
import { isMerge, mergedWith, type PatchRun, patchValue } from './patch-run.ts';

/** CLUSTER, but ADD. Undefined: removed; the cluster itself when nothing changes. */
export function patchedCluster(cluster: Cluster, run: PatchRun, hosts: readonly string[] = []): Cluster | undefined {
  let next = cluster;
  for (const patch of run.of('CLUSTER', 'MERGE', 'MERGE_AND_REPLACE_LIST', 'REMOVE')) {
    if (!clusterMatches(patch, cluster.name, hosts)) continue;
    run.found(patch);
    if (!isMerge(patch)) return undefined;
    next = withoutMatches(next, patch) ?? mergedWith(next, patch);
  }
  return next;
}

/**
 * As Istio: where endpoints decide which transport socket is used, a socket of the patch is merged into the first of the
 * same name, and no other socket is set beside them.
 */
function withoutMatches(cluster: Cluster, patch: PatchPlan): Cluster | undefined {
  const { transportSocket, ...rest } = patchValue<Cluster>(patch);
  if (transportSocket === undefined || cluster.transportSocketMatches.length === 0) return undefined;
  const at = cluster.transportSocketMatches.findIndex((match) => match.transportSocket?.name === transportSocket.name);
  const found = cluster.transportSocketMatches[at];
  const transportSocketMatches =
    found?.transportSocket === undefined
      ? cluster.transportSocketMatches
      : cluster.transportSocketMatches.with(at, {
          ...found,
          transportSocket: merged(TransportSocketSchema, found.transportSocket, transportSocket),
        });
  return { ...merged(ClusterSchema, cluster, rest as Cluster), transportSocketMatches };
}
