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
