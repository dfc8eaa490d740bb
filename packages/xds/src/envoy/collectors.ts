/**
 * The gRPC service behind a cluster. Without an authority Envoy would send the cluster's name, whose bars no server has
 * to take for an authority (RFC 3986, 3.2).
 */
export function grpcService(cluster: string) {
  return {
    targetSpecifier: { case: 'envoyGrpc' as const, value: { clusterName: cluster, authority: hostOf(cluster) } },
  };
}

/** Clusters are named after their hosts: `outbound|4318||otel.default.svc.cluster.local`. */
export function hostOf(cluster: string): string {
  return (cluster.split('|').at(-1) ?? cluster).replace(/@.*$/, '');
}
