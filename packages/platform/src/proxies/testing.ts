import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';

/** An Envoy that says hello on a port of the loopback interface, and at a Unix socket when one is named. */
export function helloBootstrap(options: { port: number; adminSocketPath: string; socketPath?: string }): unknown {
  const { port, adminSocketPath, socketPath } = options;
  const tcp = { socket_address: { address: '127.0.0.1', port_value: port } };
  return {
    node: { id: 'test', cluster: 'test' },
    admin: { address: { pipe: { path: adminSocketPath } } },
    static_resources: {
      listeners: [
        hello('test', tcp),
        ...(socketPath === undefined ? [] : [hello('socket', { pipe: { path: socketPath } })]),
      ],
    },
  };
}

function hello(name: string, address: object): object {
  const direct = { status: 200, body: { inline_string: 'hello' } };
  const manager = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: 'test',
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
      },
    ],
    route_config: {
      virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, direct_response: direct }] }],
    },
  };
  return {
    name,
    address,
    filter_chains: [{ filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }] }],
  };
}

/** Status of a request on a connection of its own; 0 when there is no answer. */
export function statusOf(where: { port: number } | { socketPath: string }): Promise<number> {
  return new Promise((resolve) => {
    const call = request({ host: '127.0.0.1', path: '/', agent: false, ...where }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    call.on('error', () => resolve(0));
    call.end();
  });
}

export async function freePort(): Promise<number> {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  return port;
}
