import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ClusterPlan } from '@meshwise/model';
import {
  type ClusterSchema,
  Cluster_DnsLookupFamily as Family,
  Cluster_DiscoveryType as Type,
} from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { dynamicNamesCluster } from './dynamic-names.ts';
import { loadAssignment } from './endpoints.ts';
import type { Outside } from './outside.ts';
import { ADS } from './resource.ts';

type Discovered = Pick<
  MessageInitShape<typeof ClusterSchema>,
  'clusterDiscoveryType' | 'lbConfig' | 'edsClusterConfig' | 'loadAssignment' | 'dnsLookupFamily' | 'respectDnsTtl'
>;

/** Where a cluster finds its endpoints. */
export function discovery(plan: ClusterPlan, outside: Outside): Discovered {
  switch (plan.discovery ?? 'eds') {
    case 'eds':
      return { clusterDiscoveryType: { case: 'type', value: Type.EDS }, edsClusterConfig: { edsConfig: ADS } };
    case 'original-destination':
      return {
        clusterDiscoveryType: { case: 'type', value: Type.ORIGINAL_DST },
        ...(plan.portOverride === undefined
          ? {}
          : { lbConfig: { case: 'originalDstLbConfig', value: { upstreamPortOverride: plan.portOverride } } }),
      };
    case 'strict-dns':
      return dns(plan, Type.STRICT_DNS);
    case 'logical-dns':
      // Envoy takes exactly one name for it.
      return dns(plan, plan.inlineEndpoints?.length === 1 ? Type.LOGICAL_DNS : Type.STRICT_DNS);
    case 'dynamic-dns':
      return { clusterDiscoveryType: { case: 'clusterType', value: dynamicNamesCluster(outside) } };
  }
}

function dns(plan: ClusterPlan, type: Type): Discovered {
  return {
    clusterDiscoveryType: { case: 'type', value: type },
    loadAssignment: loadAssignment({ cluster: plan.name, endpoints: plan.inlineEndpoints ?? [] }),
    dnsLookupFamily: Family.V4_PREFERRED,
    respectDnsTtl: true,
  };
}
