import type { Container, EnvVar } from '@meshwise/resources';
import type { ProxyConfig } from './proxy-config.ts';
import type { Workload } from './workload.ts';

export const PROXY_CONTAINER = 'istio-proxy';
export const PROXY_IMAGE = 'meshwise/envoy:1.40.0';

export interface SidecarOptions {
  /** Image of the proxy. Default `meshwise/envoy:1.40.0`, which stands for the Envoy that Meshwise brings. */
  readonly image?: string;
  /** Default `Kubernetes`, Istio's name of a cluster that was given none (`global.multiCluster.clusterName`). */
  readonly clusterId?: string;
  /** Default `cluster.local`. */
  readonly trustDomain?: string;
  /** What the mesh says about this pod's proxy; the pod's own annotation wins. */
  readonly proxyConfig?: ProxyConfig;
}

export interface SidecarInput {
  /** `sidecar` beside an application; `router` for a gateway, which is a pod of nothing but the proxy. */
  readonly role: 'sidecar' | 'router';
  readonly workload: Workload;
  readonly annotations: Readonly<Record<string, string>>;
  readonly config: ProxyConfig;
}

/**
 * The proxy's container as Istio's injector writes it, so that tools that look for it find it. Everything that differs
 * between pods of one template is a reference to the pod's own fields: so the container is the same whether it was added
 * to the template by hand or to each pod by admission.
 */
export function proxyContainer(input: SidecarInput, options: SidecarOptions): Container {
  const { annotations } = input;
  const logLevel = annotations['sidecar.istio.io/logLevel'] ?? 'warning';
  const componentLogLevel = annotations['sidecar.istio.io/componentLogLevel'] ?? 'misc:error';
  const resources = resourcesOf(annotations);
  return {
    name: PROXY_CONTAINER,
    image: options.image ?? PROXY_IMAGE,
    args: [
      'proxy',
      input.role,
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      `--proxyLogLevel=${logLevel}`,
      `--proxyComponentLogLevel=${componentLogLevel}`,
    ],
    env: [
      fromField('POD_NAME', 'metadata.name'),
      fromField('POD_NAMESPACE', 'metadata.namespace'),
      fromField('INSTANCE_IP', 'status.podIP'),
      fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
      { name: 'PROXY_CONFIG', value: JSON.stringify(input.config) },
      { name: 'ISTIO_META_CLUSTER_ID', value: options.clusterId ?? 'Kubernetes' },
      { name: 'ISTIO_META_WORKLOAD_NAME', value: input.workload.name },
      { name: 'TRUST_DOMAIN', value: options.trustDomain ?? 'cluster.local' },
    ],
    ...(resources === undefined ? {} : { resources }),
  };
}

function fromField(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** `sidecar.istio.io/proxyCPU`, `proxyMemory` and their limits, where a pod gives any. */
function resourcesOf(annotations: Readonly<Record<string, string>>): Container['resources'] {
  const amounts = (suffix: string) => {
    const cpu = annotations[`sidecar.istio.io/proxyCPU${suffix}`];
    const memory = annotations[`sidecar.istio.io/proxyMemory${suffix}`];
    if (cpu === undefined && memory === undefined) return undefined;
    return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  };
  const requests = amounts('');
  const limits = amounts('Limit');
  if (requests === undefined && limits === undefined) return undefined;
  return { ...(requests === undefined ? {} : { requests }), ...(limits === undefined ? {} : { limits }) };
}

/**
 * A container named `istio-proxy` that the author wrote is a wish about the sidecar (Istio, "Customizing injection"):
 * its fields win, `env` item by item; the image `auto` stands for the injector's.
 */
export function customised(injected: Container, wished: Container | undefined): Container {
  if (wished === undefined) return injected;
  const { image, env, ...rest } = wished;
  const names = new Set((env ?? []).map((entry) => entry.name));
  const kept = (injected.env ?? []).filter((entry) => !names.has(entry.name));
  const given = image === undefined || image === 'auto' ? {} : { image };
  return { ...injected, ...rest, ...given, env: [...kept, ...(env ?? [])] };
}
