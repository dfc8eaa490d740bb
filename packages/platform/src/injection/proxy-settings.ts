import type { ProxyConfigSpec, Resource } from '@meshwise/resources';
import type { ProxyConfig } from './proxy-config.ts';

/** Namespace whose ProxyConfigs hold for the whole mesh. */
const ROOT_NAMESPACE = 'istio-system';

/** What a loader or the mesh itself looks at is not the user's to set: it would act on the proxy, not on its configuration. */
const RESERVED = /^(LD_|GLIBC_|MALLOC_|MESHWISE_)/;

type Labels = Readonly<Record<string, string>>;
type ProxyConfigResource = Resource<ProxyConfigSpec>;

/**
 * What the ProxyConfigs of a mesh say about a pod (Istio, "ProxyConfig"): the root namespace, then the pod's namespace, then
 * the one that selects the pod, the later ones winning field by field. Of several of a kind the oldest holds. The form is
 * that of the annotation `proxy.istio.io/config`.
 */
export function proxySettings(all: readonly ProxyConfigResource[], namespace: string, labels: Labels): ProxyConfig {
  const age = ({ metadata }: ProxyConfigResource) => Date.parse(metadata.creationTimestamp ?? '') || 0;
  const sorted = [...all].sort((a, b) => age(a) - age(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
  const selectorOf = ({ spec }: ProxyConfigResource) => Object.entries(spec?.selector?.matchLabels ?? {});
  const wide = (where: string) =>
    sorted.find((resource) => resource.metadata.namespace === where && selectorOf(resource).length === 0);
  const own = sorted.find((resource) => {
    const wanted = selectorOf(resource);
    return (
      resource.metadata.namespace === namespace &&
      wanted.length > 0 &&
      wanted.every(([key, value]) => labels[key] === value)
    );
  });
  return [wide(ROOT_NAMESPACE), wide(namespace), own].reduce<ProxyConfig>(
    (config, resource) => mergeProxyConfig(config, formOf(resource?.spec)),
    {},
  );
}

/** The second wins, and variables are put together. */
export function mergeProxyConfig(first: ProxyConfig, second: ProxyConfig): ProxyConfig {
  const variables = { ...textsOf(first['proxyMetadata']), ...textsOf(second['proxyMetadata']) };
  return { ...first, ...second, ...(Object.keys(variables).length === 0 ? {} : { proxyMetadata: variables }) };
}

/** Environment variables of the proxy. */
export function proxyVariables(config: ProxyConfig): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(textsOf(config['proxyMetadata'])).filter(([name]) => !RESERVED.test(name)));
}

function formOf(spec: ProxyConfigSpec | undefined): ProxyConfig {
  const { concurrency, environmentVariables } = spec ?? {};
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(environmentVariables === undefined ? {} : { proxyMetadata: environmentVariables }),
  };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
