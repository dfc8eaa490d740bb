import type { ProxyDescriptor } from '@meshwise/model';
import type { ProxyConfig } from '../injection/proxy-config.ts';
import { proxyVariables } from '../injection/proxy-settings.ts';

/**
 * The environment of a pod's proxy: what its ProxyConfig says, and under which name it reports spans. The name is that of
 * its node (`productpage.default`), as in Istio; listeners that proxies share cannot hold it.
 */
export function proxyEnvironment(
  { labels, namespace, role }: ProxyDescriptor,
  config: ProxyConfig,
): Readonly<Record<string, string>> {
  const app = labels['app'];
  const service = app === undefined ? role : `${app}.${namespace}`;
  return { OTEL_RESOURCE_ATTRIBUTES: `service.name=${service}`, ...proxyVariables(config) };
}
