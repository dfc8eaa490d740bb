import type { InboundPortPlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import { inboundCluster } from './local-clusters.ts';
import { jsonOf, valuesOf } from './testing/json-of.ts';

const placement = {
  capture: 'netns',
  podIp: '10.244.0.7',
  programIp: '127.0.0.1',
  networkNamespacePath: '/run/netns/a',
  tunnelSocketPath: '/run/tunnel.sock',
} as const;
const port: InboundPortPlan = {
  port: 9080,
  protocol: 'http',
  mutualTls: 'strict',
  cluster: 'inbound|9080||',
  origin: { resource: { group: '', kind: 'Service', namespace: 'default', name: 'reviews' } },
};
const cluster = (changes: Partial<InboundPortPlan> = {}) =>
  jsonOf(inboundCluster(port.cluster, { ...port, ...changes }, placement, 'http'));
const endpoint = (json: ReturnType<typeof cluster>) => valuesOf(json, 'endpoint')[0];

test('a program is called on the port itself, within its namespace', () => {
  expect(endpoint(cluster())).toMatchObject({
    address: { socket_address: { address: '127.0.0.1', port_value: 9080 } },
  });
  expect(valuesOf(cluster(), 'network_namespace_filepath')).toEqual(['/run/netns/a']);
});

test('or where a Sidecar says that it listens', () => {
  const elsewhere = cluster({ endpoint: { address: '127.0.0.1', port: 8081 } });
  expect(endpoint(elsewhere)).toMatchObject({ address: { socket_address: { port_value: 8081 } } });
  const socket = cluster({ endpoint: { socketPath: '/run/app.sock' } });
  expect(endpoint(socket)).toMatchObject({ address: { pipe: { path: '/run/app.sock' } } });
  expect(valuesOf(socket, 'network_namespace_filepath')).toEqual([]);
});

test('limits of a Sidecar hold towards the program', () => {
  expect(valuesOf(cluster({ connectionPool: { maxConnections: 3 } }), 'max_connections')).toEqual([3]);
});
