import type { ClusterPlan, EndpointsPlan, InboundPortPlan, MeshModel } from '@meshwise/model';
import { type RunningProxy, readPrometheus } from '@meshwise/platform';
import type { Resource, ResourceStore } from '@meshwise/resources';
import { CLUSTER_FILTER, type ClusterStatistics, clusterStatistics } from './cluster-statistics.ts';
import { Exposition, type Labels } from './exposition.ts';
import { commonParty, NOBODY, type Party, partyLabels, partyOf, UNKNOWN } from './workload-labels.ts';

export interface MeshMetricsOptions {
  readonly store: Pick<ResourceStore, 'list'>;
  readonly model: Pick<MeshModel, 'scopeOf' | 'outbound' | 'inbound'>;
  readonly proxies: () => readonly RunningProxy[];
}

type Pods = ReadonlyMap<string, Party>;

/**
 * Istio's standard metrics of all proxies, in Prometheus' text format. Upstream Envoy has no filter that counts with Istio's
 * labels, so they come from the counters of its clusters: what a client's proxy sent (`reporter="source"`) and what a server's
 * proxy gave to its program (`reporter="destination"`). A figure of one side says of the other what can be known, and `unknown`
 * else. Counters are those of the proxies, which outlive this process; `pod` and `namespace` are those of the proxy, so that
 * no series falls when a pod goes.
 */
export async function meshMetrics({ store, model, proxies }: MeshMetricsOptions): Promise<string> {
  const { items } = await store.list({ group: '', kind: 'Pod' });
  const pods: Pods = new Map(
    items.map((pod: Resource) => [`${pod.metadata.namespace}/${pod.metadata.name}`, partyOf(pod)]),
  );
  const exposition = new Exposition();
  const read = await Promise.all(
    proxies().map(async (proxy) => {
      // One that does not answer is left out: its series are missing, not zero.
      const samples = await readPrometheus(proxy.adminSocketPath, CLUSTER_FILTER).catch(() => []);
      return { proxy, statistics: clusterStatistics(samples) };
    }),
  );
  for (const { proxy, statistics } of read) {
    if (proxy.descriptor.role === 'node' || proxy.pod === undefined) continue;
    const outbound = model.outbound(model.scopeOf(proxy.descriptor.id));
    const own = pods.get(`${proxy.pod.namespace}/${proxy.pod.name}`) ?? NOBODY;
    const reporter = { pod: proxy.pod.name, namespace: proxy.pod.namespace };
    const endpoints = new Map(outbound.endpoints.map((plan) => [plan.cluster, plan]));
    for (const cluster of outbound.clusters) {
      const figures = statistics.get(cluster.name);
      if (figures !== undefined)
        write(
          exposition,
          cluster.protocol,
          figures,
          asClient(cluster, endpoints.get(cluster.name), own, pods, reporter),
        );
    }
    for (const port of model.inbound(proxy.descriptor.id).flatMap(({ ports }) => ports)) {
      const figures = statistics.get(port.cluster);
      if (figures !== undefined) write(exposition, port.protocol, figures, asServer(port, own, reporter));
    }
  }
  return exposition.text();
}

function asClient(
  cluster: ClusterPlan,
  endpoints: EndpointsPlan | undefined,
  own: Party,
  pods: Pods,
  reporter: Labels,
): Labels {
  const parties = (endpoints?.endpoints ?? []).map(({ workload }) =>
    workload === undefined ? NOBODY : (pods.get(`${workload.namespace}/${workload.pod}`) ?? NOBODY),
  );
  return {
    reporter: 'source',
    ...partyLabels('source', own),
    ...partyLabels('destination', commonParty(parties)),
    ...serviceLabels(cluster.host),
    // As with Istio, only the server's proxy can tell.
    connection_security_policy: UNKNOWN,
    ...reporter,
  };
}

const POLICIES = { strict: 'mutual_tls', disable: 'none', permissive: UNKNOWN } as const;

function asServer(port: InboundPortPlan, own: Party, reporter: Labels): Labels {
  return {
    reporter: 'destination',
    ...partyLabels('source', NOBODY),
    ...partyLabels('destination', own),
    ...serviceLabels(port.serviceHost),
    connection_security_policy: POLICIES[port.mutualTls],
    ...reporter,
  };
}

/** `reviews.default.svc.cluster.local` is service `reviews` of namespace `default`; other hosts are named as they are. */
function serviceLabels(host: string | undefined): Labels {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(host ?? '') ?? [];
  return {
    destination_service: host ?? UNKNOWN,
    destination_service_name: name ?? host ?? UNKNOWN,
    destination_service_namespace: namespace ?? UNKNOWN,
  };
}

function write(
  exposition: Exposition,
  protocol: ClusterPlan['protocol'],
  figures: ClusterStatistics,
  labels: Labels,
): void {
  const isBytes = protocol === 'tcp' || protocol === 'tls' || (protocol === 'auto' && figures.requests.size === 0);
  if (isBytes) {
    const tcp = { ...labels, request_protocol: 'tcp', response_flags: UNKNOWN };
    exposition.counter('istio_tcp_connections_opened_total', 'Connections opened.', tcp, figures.connectionsOpened);
    exposition.counter('istio_tcp_connections_closed_total', 'Connections closed.', tcp, figures.connectionsClosed);
    exposition.counter('istio_tcp_sent_bytes_total', 'Bytes sent in response.', tcp, figures.receivedBytes);
    exposition.counter('istio_tcp_received_bytes_total', 'Bytes received in request.', tcp, figures.sentBytes);
    return;
  }
  const http = { ...labels, request_protocol: protocol === 'grpc' ? 'grpc' : 'http', response_flags: UNKNOWN };
  for (const [code, count] of figures.requests) {
    exposition.counter('istio_requests_total', 'Requests.', { ...http, response_code: code }, count);
  }
  if (figures.durations !== undefined) {
    exposition.histogram(
      'istio_request_duration_milliseconds',
      'Duration of requests of all status codes.',
      http,
      figures.durations,
    );
  }
}
