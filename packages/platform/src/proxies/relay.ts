/**
 * Envoy's configuration for a relay: connections to a port of this machine go to a Unix socket. Rootless, the gateway is
 * inside a network namespace of its own, and a socket in the file system is the one thing that both sides can open.
 */
export function relayBootstrap(port: number, socketPath: string): unknown {
  const tcpProxy = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
    stat_prefix: 'relay',
    cluster: 'gateway',
  };
  return {
    node: { id: `relay-${port}`, cluster: 'meshwise-relay' },
    static_resources: {
      listeners: [
        {
          name: 'relay',
          address: { socket_address: { address: '127.0.0.1', port_value: port } },
          filter_chains: [{ filters: [{ name: 'envoy.filters.network.tcp_proxy', typed_config: tcpProxy }] }],
        },
      ],
      clusters: [
        {
          name: 'gateway',
          type: 'STATIC',
          connect_timeout: '5s',
          load_assignment: {
            cluster_name: 'gateway',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: socketPath } } } }] }],
          },
        },
      ],
    },
  };
}
