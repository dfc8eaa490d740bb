import type { Resource } from '@meshwise/resources';

export const GATEWAY_NAMESPACE = 'istio-system';
const GATEWAY = 'istio-ingressgateway';
const labels = { app: GATEWAY, istio: 'ingressgateway' };

/**
 * What every mesh starts with, under the names that Istio gives them, since manifests select them: the namespaces, and the
 * ingress gateway with its service; and the classes of Gateway API's Gateways, Istio's name among them. `default` is labelled for injection, as every guide tells the reader to do first.
 */
export function baseResources(): readonly Resource[] {
  return [
    namespace('default', { 'istio-injection': 'enabled' }),
    namespace(GATEWAY_NAMESPACE, {}),
    gatewayClass('meshwise', 'meshwise.dev/gateway-controller'),
    gatewayClass('istio', 'istio.io/gateway-controller'),
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: `${GATEWAY}-service-account`, namespace: GATEWAY_NAMESPACE, labels },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: GATEWAY, namespace: GATEWAY_NAMESPACE, labels },
      spec: {
        selector: labels,
        ports: [
          { name: 'http2', port: 80, targetPort: 8080 },
          { name: 'https', port: 443, targetPort: 8443 },
        ],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: GATEWAY, namespace: GATEWAY_NAMESPACE, labels },
      spec: {
        // One only: its ports on this machine are the proxy's own.
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: { 'sidecar.istio.io/inject': 'false' } },
          spec: {
            serviceAccountName: `${GATEWAY}-service-account`,
            containers: [{ name: 'istio-proxy', image: 'meshwise/envoy:1.40.0' }],
          },
        },
      },
    },
  ];
}

function namespace(name: string, extra: Readonly<Record<string, string>>): Resource {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...extra } },
  };
}

function gatewayClass(name: string, controllerName: string): Resource {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name },
    spec: { controllerName },
  };
}
