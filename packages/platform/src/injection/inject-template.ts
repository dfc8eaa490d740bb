import type { PodSpec, PodStatus, PodTemplate, Resource } from '@meshwise/resources';
import { decideInjection, NAMESPACE_INJECTION } from './decision.ts';
import { type InjectionOptions, isInjected, withSidecar } from './inject-pod.ts';
import { type Workload, workloadOf } from './workload.ts';

export interface TemplateInjection {
  readonly injected: boolean;
  readonly reason: string;
  /** The resource, with the sidecar in its pod template; unchanged when not injected. */
  readonly resource: Resource;
}

/**
 * Injection by hand (`meshwise inject -f`, as `istioctl kube-inject`): puts the sidecar into a Pod, or into the template of
 * anything that has one. Asking for it by hand stands for the namespace's label; what the pod itself says, and the host
 * network, are respected. A List is injected item by item.
 */
export function injectTemplate(resource: Resource, options: InjectionOptions = {}): TemplateInjection {
  const items = resource['items'];
  if (resource.kind.endsWith('List') && Array.isArray(items)) return injectList(resource, items, options);
  if (resource.kind === 'Pod') {
    const pod = resource as Resource<PodSpec, PodStatus>;
    const outcome = inject(pod, workloadOf(pod), namespaceOf(resource), options);
    if (outcome.template === undefined) return { ...outcome, resource };
    const { metadata, spec } = outcome.template;
    return { ...outcome, resource: { ...resource, metadata: { ...resource.metadata, ...metadata }, spec } };
  }
  const template = templateOf(resource);
  if (template === undefined) return { injected: false, reason: `a ${resource.kind} has no pod template`, resource };
  const workload: Workload = { name: resource.metadata.name, kind: resource.kind };
  const outcome = inject(template, workload, namespaceOf(resource), options);
  if (outcome.template === undefined) return { ...outcome, resource };
  return { ...outcome, resource: withTemplate(resource, template, outcome.template) };
}

interface Outcome {
  readonly injected: boolean;
  readonly reason: string;
  /** Absent when nothing changes. */
  readonly template?: ReturnType<typeof withSidecar>;
}

function inject(
  pod: PodTemplate | Resource<PodSpec, PodStatus>,
  workload: Workload,
  namespace: string,
  options: InjectionOptions,
): Outcome {
  if (isInjected(pod)) return { injected: true, reason: 'the sidecar is there already' };
  const decision = decideInjection({
    namespace,
    namespaceLabels: { [NAMESPACE_INJECTION]: 'enabled' },
    podLabels: pod.metadata?.labels ?? {},
    podAnnotations: pod.metadata?.annotations ?? {},
    hostNetwork: pod.spec?.hostNetwork === true,
  });
  if (!decision.injected) return { injected: false, reason: decision.reason };
  const revision = options.revisions?.[0] ?? 'default';
  return { injected: true, reason: 'asked for by hand', template: withSidecar(pod, workload, revision, options) };
}

function injectList(resource: Resource, items: readonly unknown[], options: InjectionOptions): TemplateInjection {
  const outcomes = items.map((item) => injectTemplate(item as Resource, options));
  const injected = outcomes.filter((outcome) => outcome.injected).length;
  return {
    injected: injected > 0,
    reason: `${injected} of ${outcomes.length} items have a sidecar`,
    resource: { ...resource, items: outcomes.map((outcome) => outcome.resource) },
  };
}

/** Where a kind keeps its pod template: CronJob a level deeper than Deployment, StatefulSet, ReplicaSet, DaemonSet, Job. */
function templateOf(resource: Resource): PodTemplate | undefined {
  const holder = holderOf(resource);
  const template = holder?.['template'];
  return isObject(template) ? (template as PodTemplate) : undefined;
}

function holderOf(resource: Resource): Readonly<Record<string, unknown>> | undefined {
  const spec = isObject(resource.spec) ? resource.spec : undefined;
  if (resource.kind !== 'CronJob') return spec;
  const job = spec?.['jobTemplate'];
  const jobSpec = isObject(job) ? job['spec'] : undefined;
  return isObject(jobSpec) ? jobSpec : undefined;
}

function withTemplate(resource: Resource, before: PodTemplate, change: ReturnType<typeof withSidecar>): Resource {
  const template = { ...before, metadata: { ...before.metadata, ...change.metadata }, spec: change.spec };
  const spec = isObject(resource.spec) ? resource.spec : {};
  if (resource.kind !== 'CronJob') return { ...resource, spec: { ...spec, template } };
  const jobTemplate = isObject(spec['jobTemplate']) ? spec['jobTemplate'] : {};
  return { ...resource, spec: { ...spec, jobTemplate: { ...jobTemplate, spec: { ...holderOf(resource), template } } } };
}

function namespaceOf(resource: Resource): string {
  return resource.metadata.namespace ?? 'default';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
