import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ClusterPlan } from '@meshwise/model';
import { type ClusterSchema, Cluster_LbPolicy as LbPolicy } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { durationOf } from './packing.ts';

type ClusterInit = MessageInitShape<typeof ClusterSchema>;
type Balancing = Pick<ClusterInit, 'lbPolicy' | 'lbConfig' | 'commonLbConfig'>;

const LB_POLICIES = {
  'round-robin': LbPolicy.ROUND_ROBIN,
  'least-request': LbPolicy.LEAST_REQUEST,
  random: LbPolicy.RANDOM,
  'ring-hash': LbPolicy.RING_HASH,
  maglev: LbPolicy.MAGLEV,
} as const;

/** Envoy wants a name under which its operators could override the value. */
const AGGRESSION_KEY = 'upstream.slow_start.aggression';

/** How a cluster chooses among its endpoints. */
export function loadBalancing(plan: ClusterPlan): Balancing {
  const chosenElsewhere = plan.discovery === 'original-destination' || plan.discovery === 'dynamic-dns';
  return {
    lbPolicy: chosenElsewhere ? LbPolicy.CLUSTER_PROVIDED : LB_POLICIES[plan.loadBalancer ?? 'round-robin'],
    ...(chosenElsewhere ? {} : lbConfig(plan)),
    commonLbConfig: {
      // When most endpoints are ill Envoy would use them all; unless the Plan asks for that, it says which may be used.
      healthyPanicThreshold: { value: plan.outlierDetection?.minHealthPercent ?? 0 },
      ...(plan.weighsLocalities === true
        ? { localityConfigSpecifier: { case: 'localityWeightedLbConfig', value: {} } }
        : {}),
    },
  };
}

function lbConfig({ loadBalancer, ring = {}, warmup }: ClusterPlan): Pick<ClusterInit, 'lbConfig'> {
  switch (loadBalancer) {
    case 'ring-hash':
      if (ring.minimumSize === undefined) return {};
      return { lbConfig: { case: 'ringHashLbConfig', value: { minimumRingSize: BigInt(ring.minimumSize) } } };
    case 'maglev':
      if (ring.tableSize === undefined) return {};
      return { lbConfig: { case: 'maglevLbConfig', value: { tableSize: BigInt(ring.tableSize) } } };
    case 'random':
      return {};
    default: {
      if (warmup === undefined) return {};
      const name = loadBalancer === 'least-request' ? 'leastRequestLbConfig' : 'roundRobinLbConfig';
      return { lbConfig: { case: name, value: { slowStartConfig: slowStart(warmup) } } };
    }
  }
}

function slowStart({ durationMs, minimumPercent, aggression }: NonNullable<ClusterPlan['warmup']>) {
  return {
    slowStartWindow: durationOf(durationMs),
    ...(aggression === undefined ? {} : { aggression: { defaultValue: aggression, runtimeKey: AGGRESSION_KEY } }),
    ...(minimumPercent === undefined ? {} : { minWeightPercent: { value: minimumPercent } }),
  };
}
