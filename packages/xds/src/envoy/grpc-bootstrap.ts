import type { ProxyDescriptor } from '@meshwise/model';
import type { JsonObject } from '@meshwise/resources';

/**
 * The start configuration of a gRPC xDS client, which programs find by `GRPC_XDS_BOOTSTRAP` (gRPC proposal A27). The Unix socket
 * is the credential, so nothing in it is secret.
 */
export function grpcBootstrap({
  proxy,
  adsSocketPath,
}: {
  readonly proxy: ProxyDescriptor;
  readonly adsSocketPath: string;
}): JsonObject {
  const [region = '', zone = '', subZone = ''] = (proxy.locality ?? '').split('/', 3);
  return {
    xds_servers: [
      { server_uri: `unix:${adsSocketPath}`, channel_creds: [{ type: 'insecure' }], server_features: ['xds_v3'] },
    ],
    node: {
      id: proxy.id,
      cluster: proxy.namespace,
      locality: { region, zone, sub_zone: subZone },
      metadata: { NAMESPACE: proxy.namespace, LABELS: proxy.labels },
    },
  };
}
