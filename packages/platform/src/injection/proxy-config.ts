import { type PodSpec, parseResources, type Resource } from '@meshwise/resources';

/** Settings of one pod's proxy, as `proxy.istio.io/config` gives them: Istio's ProxyConfig, kept as it is. */
export type ProxyConfig = Readonly<Record<string, unknown>>;

export const PROXY_CONFIG_ANNOTATION = 'proxy.istio.io/config';

/**
 * Reads the annotation's YAML. Something that cannot be read counts as absent, since a pod must not fail to start
 * over it; `vet` reports it. It is read as the spec of a resource, so that scalars mean what they mean in manifests.
 */
export function readProxyConfig(annotations: Readonly<Record<string, string>>): ProxyConfig {
  const text = annotations[PROXY_CONFIG_ANNOTATION];
  if (text === undefined || text.trim() === '') return {};
  const indented = text.replaceAll(/^(?=.)/gm, '  ');
  const document = `apiVersion: v1\nkind: ProxyConfig\nmetadata:\n  name: annotation\nspec:\n${indented}\n`;
  const { resources, problems } = parseResources(document, { file: PROXY_CONFIG_ANNOTATION });
  const spec = resources[0]?.resource.spec;
  if (problems.length > 0 || resources.length !== 1) return {};
  return typeof spec === 'object' && spec !== null && !Array.isArray(spec) ? (spec as ProxyConfig) : {};
}

/** What was decided when the pod was admitted, as its proxy's container says; the annotation for pods made by hand. */
export function configOfPod(pod: Resource): ProxyConfig {
  const { containers = [] } = (pod.spec ?? {}) as Partial<PodSpec>;
  const proxy = containers.find(({ name }) => name === 'istio-proxy');
  const text = proxy?.env?.find(({ name }) => name === 'PROXY_CONFIG')?.value;
  if (text === undefined) return readProxyConfig(pod.metadata.annotations ?? {});
  try {
    const config: unknown = JSON.parse(text);
    return typeof config === 'object' && config !== null && !Array.isArray(config) ? (config as ProxyConfig) : {};
  } catch {
    return {};
  }
}

/** Worker threads of the proxy; undefined leaves it to Envoy, 0 means one per core. */
export function concurrencyOf(config: ProxyConfig): number | undefined {
  const { concurrency } = config;
  return typeof concurrency === 'number' && Number.isInteger(concurrency) && concurrency >= 0 ? concurrency : undefined;
}

/** Whether the application waits until its proxy is ready. Default false. */
export function holdsApplication(config: ProxyConfig): boolean {
  return config['holdApplicationUntilProxyStarts'] === true;
}
