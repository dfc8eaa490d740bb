import type { EndpointPlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import { endpoints } from './endpoints.ts';
import { jsonOf } from './testing/json-of.ts';

const endpoint: EndpointPlan = { address: '10.244.0.8', port: 9080, weight: 1, health: 'healthy', mutualTls: true };

test('an endpoint carries its health, its weight and whether it takes mutual TLS', () => {
  const workload = { namespace: 'default', pod: 'reviews-v1', serviceAccount: 'reviews' };
  const printed = endpoints({
    cluster: 'a',
    endpoints: [
      { ...endpoint, workload },
      { ...endpoint, address: '10.244.0.9', health: 'draining', weight: 3, mutualTls: false },
    ],
  });
  expect(jsonOf(printed)).toMatchObject({
    cluster_name: 'a',
    endpoints: [
      {
        lb_endpoints: [
          {
            endpoint: { address: { socket_address: { address: '10.244.0.8', port_value: 9080 } } },
            health_status: 'HEALTHY',
            load_balancing_weight: 1,
            metadata: {
              filter_metadata: {
                'envoy.transport_socket_match': { tlsMode: 'istio' },
                istio: { workload: 'reviews-v1;default;;;' },
              },
            },
          },
          { health_status: 'DRAINING', load_balancing_weight: 3, metadata: {} },
        ],
      },
    ],
  });
});

test('an endpoint of weight 0 is left out, and a cluster without endpoints has none', () => {
  expect(jsonOf(endpoints({ cluster: 'a', endpoints: [{ ...endpoint, weight: 0 }] }))).toEqual({ cluster_name: 'a' });
});

test('endpoints are grouped by priority and place, and a place is worth what its endpoints are', () => {
  const at = (address: string, more: Partial<EndpointPlan>): EndpointPlan => ({ ...endpoint, address, ...more });
  const printed = endpoints({
    cluster: 'a',
    endpoints: [
      at('10.244.0.1', { priority: 1, locality: 'eu/b' }),
      at('10.244.0.2', { locality: 'eu/a/1', weight: 2 }),
      at('10.244.0.3', { locality: 'eu/a/1', weight: 3 }),
      at('10.244.0.4', {}),
    ],
  });
  expect(jsonOf(printed)['endpoints']).toMatchObject([
    { locality: { region: 'eu', zone: 'a', sub_zone: '1' }, load_balancing_weight: 5, lb_endpoints: [{}, {}] },
    { load_balancing_weight: 1, lb_endpoints: [{}] },
    { locality: { region: 'eu', zone: 'b' }, priority: 1, load_balancing_weight: 1 },
  ]);
});

test('shares of traffic decide over the number of endpoints, and fractions of them are kept', () => {
  const at = (address: string, locality: string): EndpointPlan => ({ ...endpoint, address, locality });
  const printed = endpoints({
    cluster: 'a',
    endpoints: [at('10.244.0.1', 'eu/a'), at('10.244.0.2', 'eu/b'), at('10.244.0.3', 'eu/b')],
    localityWeights: { 'eu/a': 80, 'eu/b': 6.6667 },
  });
  expect(jsonOf(printed)['endpoints']).toMatchObject([
    { load_balancing_weight: 80_000 },
    { load_balancing_weight: 6667 },
  ]);
});
