import type { Container, PodSpec, PodStatus, PodTemplate, Resource } from '@meshwise/resources';
import { decideInjection, REVISION_LABEL, type RevisionOptions } from './decision.ts';
import { holdsApplication, readProxyConfig } from './proxy-config.ts';
import { mergeProxyConfig } from './proxy-settings.ts';
import { customised, PROXY_CONTAINER, proxyContainer, type SidecarOptions } from './sidecar.ts';
import { canonicalName, canonicalRevision, type Workload, workloadOf } from './workload.ts';

type Pod = Resource<PodSpec, PodStatus>;
type Labels = Readonly<Record<string, string>>;

export const STATUS_ANNOTATION = 'sidecar.istio.io/status';
const TEMPLATES_ANNOTATION = 'inject.istio.io/templates';

export interface InjectionOptions extends RevisionOptions, SidecarOptions {}

export interface InjectionResult {
  readonly injected: boolean;
  /** One sentence: what decided, or that the sidecar is there already. */
  readonly reason: string;
  readonly pod: Pod;
}

/**
 * Adds the sidecar to a pod if Istio's rules say so (see `INJECTION_RULES`). A pod that has been through injection comes
 * back as it is.
 */
export function injectPod(pod: Pod, namespaceLabels: Labels, options: InjectionOptions = {}): InjectionResult {
  if (isInjected(pod)) return { injected: true, reason: 'the sidecar is there already', pod };
  const decision = decideInjection(
    {
      namespace: pod.metadata.namespace ?? 'default',
      namespaceLabels,
      podLabels: pod.metadata.labels ?? {},
      podAnnotations: pod.metadata.annotations ?? {},
      hostNetwork: pod.spec?.hostNetwork === true,
    },
    options,
  );
  if (!decision.injected) return { ...decision, pod };
  const { metadata, spec } = withSidecar(pod, workloadOf(pod), decision.revision ?? 'default', options);
  return { injected: true, reason: decision.reason, pod: { ...pod, metadata: { ...pod.metadata, ...metadata }, spec } };
}

export function isInjected(pod: PodTemplate | Pod): boolean {
  const hasProxy = pod.spec?.containers.some((container) => container.name === PROXY_CONTAINER) === true;
  return hasProxy && pod.metadata?.annotations?.[STATUS_ANNOTATION] !== undefined;
}

/** Labels, annotations and spec of a pod or template once the sidecar is in it. */
export function withSidecar(
  pod: PodTemplate | Pod,
  workload: Workload,
  revision: string,
  options: SidecarOptions,
): { readonly metadata: { readonly labels: Labels; readonly annotations: Labels }; readonly spec: PodSpec } {
  const labels = pod.metadata?.labels ?? {};
  const annotations = pod.metadata?.annotations ?? {};
  const spec = pod.spec ?? { containers: [] };
  const gateway = (annotations[TEMPLATES_ANNOTATION] ?? '').split(',').includes('gateway');
  const config = mergeProxyConfig(options.proxyConfig ?? {}, readProxyConfig(annotations));
  const injected = proxyContainer({ role: gateway ? 'router' : 'sidecar', workload, annotations, config }, options);
  const wished = spec.containers.find((container) => container.name === PROXY_CONTAINER);
  const others = spec.containers.filter((container) => container.name !== PROXY_CONTAINER);
  const proxy = customised(injected, wished);
  return {
    metadata: {
      labels: { ...labels, ...meshLabels(labels, workload, gateway) },
      annotations: { ...annotations, ...meshAnnotations(annotations, others, revision) },
    },
    spec: { ...spec, containers: holdsApplication(config) ? [proxy, ...others] : [...others, proxy] },
  };
}

/** A gateway terminates TLS where its Gateway resources say, so it does not claim Istio's mutual TLS. */
function meshLabels(labels: Labels, workload: Workload, gateway: boolean): Labels {
  return {
    ...(gateway ? {} : { 'security.istio.io/tlsMode': labels['security.istio.io/tlsMode'] ?? 'istio' }),
    'service.istio.io/canonical-name': canonicalName(labels, workload),
    'service.istio.io/canonical-revision': canonicalRevision(labels),
  };
}

function meshAnnotations(annotations: Labels, others: readonly Container[], revision: string): Labels {
  const first = others[0]?.name ?? PROXY_CONTAINER;
  const status = {
    initContainers: [],
    containers: [PROXY_CONTAINER],
    volumes: [],
    imagePullSecrets: [],
    revision,
  };
  return {
    [REVISION_LABEL]: revision,
    'kubectl.kubernetes.io/default-container': annotations['kubectl.kubernetes.io/default-container'] ?? first,
    'kubectl.kubernetes.io/default-logs-container':
      annotations['kubectl.kubernetes.io/default-logs-container'] ?? first,
    [STATUS_ANNOTATION]: JSON.stringify(status),
  };
}
