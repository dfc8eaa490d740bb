import type { ProxyDescriptor } from '@meshwise/model';
import type { JsonObject, JsonValue } from '@meshwise/resources';

export interface BootstrapOptions {
  readonly proxy: ProxyDescriptor;
  /** Unix socket of the ADS server. */
  readonly adsSocketPath: string;
  /** Unix socket for Envoy's administration interface. Envoy 1.40 crashes without one, since its tap filter asks for it. */
  readonly adminSocketPath: string;
  /** Who answers for names of the outside; absent: whoever the machine asks. */
  readonly resolver?: { readonly address: string; readonly port: number };
  /** Proves to the ADS server that this is the proxy it says it is. */
  readonly token?: string;
}

/** Istio's name for the control plane's cluster. */
export const XDS_CLUSTER = 'xds-grpc';

/**
 * The start configuration of one Envoy. Only the way to the control plane is in it: everything else, clusters with
 * mutual TLS above all, comes by ADS, since Envoy 1.40 crashes on a static cluster whose secrets come by ADS.
 */
export function bootstrap(options: BootstrapOptions): JsonObject {
  const { proxy } = options;
  return {
    node: { id: proxy.id, cluster: clusterOf(proxy), metadata: nodeMetadata(proxy) },
    admin: { address: { pipe: { path: options.adminSocketPath, mode: 0o600 } } },
    dynamic_resources: {
      ads_config: {
        api_type: 'DELTA_GRPC',
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [
          {
            envoy_grpc: { cluster_name: XDS_CLUSTER, retry_policy: RECONNECT },
            ...(options.token === undefined
              ? {}
              : { initial_metadata: [{ key: 'authorization', value: `Bearer ${options.token}` }] }),
          },
        ],
      },
      cds_config: FROM_ADS,
      lds_config: FROM_ADS,
    },
    static_resources: { clusters: [xdsCluster(options.adsSocketPath)] },
    stats_config: { use_all_default_tags: false, stats_tags: STATS_TAGS },
    overload_manager: NO_CONNECTION_LIMIT,
    ...(options.resolver === undefined ? {} : { typed_dns_resolver_config: resolver(options.resolver) }),
  };
}

/** Of clusters whose endpoints are names. */
function resolver({ address, port }: NonNullable<BootstrapOptions['resolver']>): JsonObject {
  return {
    name: 'envoy.network.dns_resolver.cares',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig',
      resolvers: [{ socket_address: { protocol: 'UDP', address, port_value: port } }],
      dns_resolver_options: { no_default_search_domain: true },
    },
  };
}

/** A daemon that comes back finds its proxies within seconds; Envoy's default waits up to half a minute. */
const RECONNECT: JsonObject = { retry_back_off: { base_interval: '0.25s', max_interval: '2s' } };

const CONNECT_TIMEOUT = '1s';
const FROM_ADS: JsonObject = { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '0s' };

/** Says that no limit is meant; without it Envoy warns at every start. */
const NO_CONNECTION_LIMIT: JsonObject = {
  resource_monitors: [
    {
      name: 'envoy.resource_monitors.global_downstream_max_connections',
      typed_config: {
        '@type':
          'type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
        max_active_downstream_connections: String(2 ** 31 - 1),
      },
    },
  ],
};

function xdsCluster(path: string): JsonObject {
  return {
    name: XDS_CLUSTER,
    type: 'STATIC',
    connect_timeout: CONNECT_TIMEOUT,
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: {
      cluster_name: XDS_CLUSTER,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path } } } }] }],
    },
  };
}

function clusterOf(proxy: ProxyDescriptor): string {
  const app = proxy.labels['app'];
  return app === undefined ? proxy.role : `${app}.${proxy.namespace}`;
}

/** Istio's keys, which its tools read. */
function nodeMetadata(proxy: ProxyDescriptor): JsonObject {
  const [workload] = proxy.workloads;
  return {
    NAMESPACE: proxy.namespace,
    LABELS: proxy.labels,
    ...(workload === undefined || proxy.workloads.length > 1 ? {} : { NAME: workload.pod }),
    ...(proxy.identity === undefined
      ? {}
      : { SERVICE_ACCOUNT: proxy.identity.serviceAccount, TRUST_DOMAIN: proxy.identity.trustDomain }),
  };
}

/**
 * Labels taken out of metric names; with them every cluster and every listener would be a metric of its own. Envoy's own
 * rules end a cluster's name at its first dot, which is why clusters have a delimiter (see `statName`).
 */
const STATS_TAGS: JsonValue = [
  { tag_name: 'cluster_name', regex: '^cluster\\.((.+?);\\.)' },
  { tag_name: 'http_conn_manager_prefix', regex: '^http\\.(((?:outbound|inbound)_[0-9a-f.:]+_[0-9]+)\\.)' },
  { tag_name: 'tcp_prefix', regex: '^tcp\\.((.+)\\.)[a-z0-9_]+$' },
  { tag_name: 'response_code', regex: '_rq(_([1-5][0-9][0-9]))$' },
  { tag_name: 'response_code_class', regex: '_rq(_([1-5]xx))$' },
];
