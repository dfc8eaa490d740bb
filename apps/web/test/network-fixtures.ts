import type { CallView, GatewayView } from '@meshwise/api';
import { traffic, UNMEASURED } from './traffic-fixtures.ts';

/** Who calls whom in the BookInfo of the fixtures. */
export function calls(): CallView[] {
  const call = (from: string, name: string, change: Partial<CallView> = {}): CallView => ({
    from,
    service: `default/${name}`,
    host: `${name}.default.svc.cluster.local`,
    port: 9080,
    subset: null,
    mutualTls: true,
    traffic: traffic(41.8),
    ...change,
  });
  return [
    call('istio-system/istio-ingressgateway', 'productpage', { traffic: traffic(42.4, 0.04, 21, 148) }),
    call('default/productpage-v1', 'details', { traffic: traffic(41.8, 0, 1.9, 6.2) }),
    call('default/productpage-v1', 'reviews', { subset: 'v1', traffic: traffic(13.9, 0, 2, 9) }),
    call('default/productpage-v1', 'reviews', { subset: 'v2', traffic: traffic(27.8, 4.6, 8.4, 1320) }),
    call('default/reviews-v2', 'ratings', { mutualTls: false, traffic: traffic(27.9, 100, 0.4, 1.1) }),
    call('default/reviews-v2', 'elsewhere', {
      service: null,
      host: 'api.elsewhere.example',
      port: 443,
      mutualTls: null,
      traffic: UNMEASURED,
    }),
  ];
}

export function gateways(): GatewayView[] {
  return [
    {
      namespace: 'default',
      name: 'bookinfo-gateway',
      hosts: ['*'],
      port: 80,
      address: 'http://127.0.0.1:8080',
      routes: 5,
      health: 'healthy',
      reason: null,
      traffic: traffic(1240, 0.9, 24, 180),
    },
    {
      namespace: 'shop',
      name: 'shop-gateway',
      hosts: ['shop.example.com', 'www.shop.example.com'],
      port: 443,
      address: null,
      routes: 0,
      health: 'failing',
      reason: 'Port 443 is taken by another process',
      traffic: UNMEASURED,
    },
  ];
}
