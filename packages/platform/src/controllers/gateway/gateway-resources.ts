import type { Resource } from '@meshwise/resources';
import { PROXY_CONTAINER } from '../../injection/index.ts';
import { gatewayTargetPorts } from '../../proxies/gateway-target-ports.ts';
import { controllerReference } from '../support/ownership.ts';
import { GATEWAY_CLASS_LABEL, GATEWAY_NAME_LABEL, type Gateway, listenerPorts } from './gateway-kinds.ts';

/** Image of a proxy that is nothing but a gateway. */
const IMAGE = 'meshwise/envoy:1.40.0';

/** The name of all that is run for a Gateway (GEP-1762). */
export function runName({ metadata, spec }: Gateway): string {
  return `${metadata.name}-${spec?.gatewayClassName}`;
}

/**
 * What is run for a Gateway: an account, a Service, and a Deployment of one proxy. The Service comes first, so that the
 * pods are called by it from their beginning; all of them go with the Gateway.
 */
export function gatewayResources(gateway: Gateway): readonly Resource[] {
  const name = runName(gateway);
  const { infrastructure } = gateway.spec ?? {};
  const selector = { [GATEWAY_NAME_LABEL]: gateway.metadata.name };
  const labels = {
    ...infrastructure?.labels,
    ...selector,
    [GATEWAY_CLASS_LABEL]: gateway.spec?.gatewayClassName ?? '',
  };
  const annotations = { ...infrastructure?.annotations };
  const metadata = {
    name,
    namespace: gateway.metadata.namespace ?? 'default',
    labels,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ownerReferences: [controllerReference(gateway)],
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports: servicePorts(gateway) } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        // One only: its ports on this machine are the proxy's own.
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: { ...annotations, 'sidecar.istio.io/inject': 'false' } },
          spec: { serviceAccountName: name, containers: [{ name: PROXY_CONTAINER, image: IMAGE }] },
        },
      },
    },
  ];
}

/** A port for each port of the listeners, called as the first listener that has it. */
function servicePorts(gateway: Gateway): readonly object[] {
  const ports = listenerPorts(gateway);
  const targets = gatewayTargetPorts(ports);
  return ports.map((port) => {
    const listener = gateway.spec?.listeners.find(
      (candidate) => candidate.port === port && candidate.protocol !== 'UDP',
    );
    return {
      name: listener?.name.replaceAll('.', '-').slice(0, 63) ?? String(port),
      port,
      targetPort: targets[port] ?? port,
      protocol: 'TCP',
      appProtocol: listener?.protocol.toLowerCase() ?? 'tcp',
    };
  });
}
