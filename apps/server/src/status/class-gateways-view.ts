import type { GatewayView } from '@meshwise/api';
import { type Condition, findCondition, GATEWAY_NAME_LABEL } from '@meshwise/platform';
import type { K8sGatewaySpec, K8sGatewayStatus, Resource } from '@meshwise/resources';
import { type GatewayWords, gatewayHealth } from './gateway-health.ts';
import type { SeenProxy, Snapshot } from './snapshot.ts';
import { NO_TRAFFIC, sumTraffic } from './traffic.ts';

const WORDS: GatewayWords = {
  withoutProxy: 'no proxy runs for it',
  withoutRoutes: 'no route is attached to it, so nothing is answered',
};

const SCHEMES: Readonly<Record<string, string>> = { HTTP: 'http', HTTPS: 'https', TLS: 'https', TCP: 'tcp' };

/** One row per listener of each Gateway of the Gateway API that is ours, which its status tells. */
export function classGatewayViews(snapshot: Snapshot): GatewayView[] {
  return (snapshot.classGateways as readonly Resource<K8sGatewaySpec, K8sGatewayStatus>[]).flatMap((gateway) => {
    const proxies = proxiesOf(gateway, snapshot);
    const ports = snapshot.classGatewayPorts(gateway);
    return (gateway.spec?.listeners ?? []).flatMap((listener): GatewayView[] => {
      const status = gateway.status?.listeners?.find(({ name }) => name === listener.name);
      if (status === undefined) return [];
      const conditions = status.conditions as readonly Condition[] | undefined;
      const refused = ['Accepted', 'ResolvedRefs'].map((type) => findCondition(conditions, type));
      const fault = refused.find((condition) => condition?.status === 'False');
      const hostPort = ports[listener.port];
      const listening = hostPort !== undefined && proxies.length > 0 && fault === undefined;
      const routes = status.attachedRoutes ?? 0;
      return [
        {
          namespace: gateway.metadata.namespace ?? '',
          name: gateway.metadata.name,
          listener: listener.name,
          hosts: [listener.hostname ?? '*'],
          port: listener.port,
          address: listening ? `${SCHEMES[listener.protocol] ?? 'tcp'}://127.0.0.1:${hostPort}` : null,
          routes,
          ...(fault === undefined
            ? gatewayHealth(proxies, listening, routes, WORDS)
            : { health: 'failing' as const, reason: `${fault.reason}: ${fault.message}` }),
          traffic: listening ? trafficOf(proxies, snapshot) : NO_TRAFFIC,
        },
      ];
    });
  });
}

/** Those that are run for it, or stand behind the Services that it names. */
function proxiesOf(gateway: Resource<K8sGatewaySpec>, { proxies, services }: Snapshot): readonly SeenProxy[] {
  const hosts = (gateway.spec?.addresses ?? [])
    .filter(({ type }) => type === 'Hostname')
    .map(({ value = '' }) => value);
  const { name, namespace = '' } = gateway.metadata;
  const selectors = hosts.flatMap((host) => {
    const [service = '', inNamespace = namespace] = host.split('.');
    return services
      .filter(({ metadata }) => metadata.name === service && metadata.namespace === inNamespace)
      .map(({ spec }) => ({
        namespace: inNamespace,
        labels: (spec as { selector?: Readonly<Record<string, string>> } | undefined)?.selector ?? {},
      }));
  });
  const wanted = hosts.length === 0 ? [{ namespace, labels: { [GATEWAY_NAME_LABEL]: name } }] : selectors;
  return proxies.filter(
    ({ running: { descriptor } }) =>
      descriptor.role === 'gateway' &&
      wanted.some(
        (one) =>
          one.namespace === descriptor.namespace &&
          Object.keys(one.labels).length > 0 &&
          Object.entries(one.labels).every(([key, value]) => descriptor.labels[key] === value),
      ),
  );
}

function trafficOf(proxies: readonly SeenProxy[], { samples }: Snapshot): GatewayView['traffic'] {
  const sample = proxies.map(({ running }) => samples.proxies.get(running.descriptor.id)?.downstream);
  return sumTraffic(sample.filter((value) => value !== undefined));
}
