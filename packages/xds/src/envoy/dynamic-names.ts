import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type Cluster_CustomClusterType,
  Cluster_CustomClusterTypeSchema,
  Cluster_DnsLookupFamily as Family,
} from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { type Filter, FilterSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { ClusterConfigSchema } from '../../gen/envoy/extensions/clusters/dynamic_forward_proxy/v3/cluster_pb.js';
import type { DnsCacheConfigSchema } from '../../gen/envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';
import { FilterConfigSchema } from '../../gen/envoy/extensions/filters/network/sni_dynamic_forward_proxy/v3/sni_dynamic_forward_proxy_pb.js';
import { cidr } from './cidr.ts';
import type { Outside } from './outside.ts';
import { packed } from './packing.ts';
import { resolverAt } from './resolver.ts';

/**
 * What clusters and filters must say alike, to the letter. Whoever owns a name says where it leads, so what its addresses
 * may be is decided where connections take them from, however they were found: by DNS, in a hosts file, or written as the
 * host itself. They are of IPv4, as the refused ranges are.
 */
function names({ refusedRanges, resolver }: Outside): MessageInitShape<typeof DnsCacheConfigSchema> {
  return {
    name: 'dynamic_names',
    dnsLookupFamily: Family.V4_ONLY,
    resolvedAddressFilter: {
      ranges: refusedRanges.map((range) => {
        const { addressPrefix, prefixLen } = cidr(range);
        return { addressPrefix, prefixLen: prefixLen ?? 32 };
      }),
    },
    ...(resolver === undefined ? {} : { typedDnsResolverConfig: resolverAt(resolver) }),
  };
}

/**
 * A cluster with the endpoints that requests name: those of HTTP by their host, as the route leaves it. It looks names up
 * by itself (Envoy 1.40), so no HTTP filter has to be in front of it, which would look at the host before the route.
 */
export function dynamicNamesCluster(outside: Outside): Cluster_CustomClusterType {
  return create(Cluster_CustomClusterTypeSchema, {
    name: 'envoy.clusters.dynamic_forward_proxy',
    typedConfig: packed(ClusterConfigSchema, {
      clusterImplementationSpecifier: { case: 'dnsCacheConfig', value: names(outside) },
      // Envoy otherwise insists on taking server name and names to expect from the request, whatever the Plan says.
      allowInsecureClusterOptions: true,
    }),
  });
}

/** For TLS that is passed on: the name is that of the handshake (SNI), the port the one given here. */
export function dynamicServerName(port: number, outside: Outside): Filter {
  return create(FilterSchema, {
    name: 'envoy.filters.network.sni_dynamic_forward_proxy',
    configType: {
      case: 'typedConfig',
      value: packed(FilterConfigSchema, {
        dnsCacheConfig: names(outside),
        portSpecifier: { case: 'portValue', value: port },
      }),
    },
  });
}
