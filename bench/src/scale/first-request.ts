import { create, type DescMessage, toBinary } from '@bufbuild/protobuf';
import type { ProxyDescriptor } from '@meshwise/model';
import { registry, rulesOf } from '@meshwise/xds';

function schemaOf(name: string): DescMessage {
  const found = registry.getMessage(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** The first request of a sidecar, with what Istio's agent says of its node; istiod computes from it what to send. */
export function firstRequest(proxy: ProxyDescriptor): Buffer {
  const [workload] = proxy.workloads;
  const metadata = {
    NAMESPACE: proxy.namespace,
    NAME: workload?.pod ?? '',
    WORKLOAD_NAME: workload?.pod ?? '',
    LABELS: { ...proxy.labels },
    INSTANCE_IPS: workload?.placement.podIp ?? '',
    SERVICE_ACCOUNT: 'default',
    CLUSTER_ID: 'Kubernetes',
    MESH_ID: 'cluster.local',
    ISTIO_VERSION: '1.31.0',
    INTERCEPTION_MODE: 'REDIRECT',
  };
  const request = create(schemaOf('envoy.service.discovery.v3.DeltaDiscoveryRequest'), {
    node: { id: proxy.id, cluster: proxy.labels['app'] ?? '', metadata, userAgentName: 'envoy' },
    typeUrl: rulesOf('CDS').typeUrl,
  } as Record<string, unknown>);
  return Buffer.from(toBinary(schemaOf('envoy.service.discovery.v3.DeltaDiscoveryRequest'), request));
}
