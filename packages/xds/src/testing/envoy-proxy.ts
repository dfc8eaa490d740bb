/** What tests with a real Envoy need around it. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

/** A bootstrap that takes everything from one ADS socket. */
export function bootstrapOf(id: string, adsSocket: string, adminSocket: string, apiType: string) {
  const ads = { ads: {}, resource_api_version: 'V3' };
  return {
    node: { id, cluster: 'test' },
    admin: { address: { pipe: { path: adminSocket } } },
    dynamic_resources: {
      ads_config: {
        api_type: apiType,
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [{ envoy_grpc: { cluster_name: 'ads' } }],
      },
      cds_config: ads,
      lds_config: ads,
    },
    static_resources: {
      clusters: [
        {
          name: 'ads',
          type: 'STATIC',
          connect_timeout: '1s',
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
          load_assignment: {
            cluster_name: 'ads',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: adsSocket } } } }] }],
          },
        },
      ],
    },
  };
}

/** A program that answers everything with this text. */
export const serve = (text: string) =>
  new Promise<Server>((resolve) => {
    const server = createServer((_, response) => response.end(text));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

export const portOf = (server: Server) => (server.address() as AddressInfo).port;

export async function freePort(): Promise<number> {
  const server = await serve('');
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Status and body of one request on a connection of its own. */
export function get(port: number, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: '/', agent: false, headers: { host } }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(`${response.statusCode} ${body}`));
    });
    call.on('error', reject);
    call.end();
  });
}

export const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 20 });
