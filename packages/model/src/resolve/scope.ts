import type { ProxyDescriptor } from '../proxy.ts';
import { formatView, narrowLabels, parseView, type View } from './view.ts';

/**
 * Which outbound configuration a proxy gets, as text: `sidecar/default`, `gateway/istio-system`, `node`.
 *
 * Why not one scope for all sidecars: the bare name of a service (`reviews`) is a domain only for clients in its own
 * namespace, and a client's namespace decides which DestinationRules and private rules it sees. Labels of the proxy are
 * part of the scope only when a rule looks at them (`sourceLabels`), and only those labels: so one scope per namespace is
 * the rule. Within scopes everything made for a service is shared by all namespaces that see the same.
 */
export type Scope =
  | { readonly role: 'sidecar'; readonly view: View }
  | { readonly role: 'gateway'; readonly namespace: string }
  | { readonly role: 'node' };

export function scopeText(proxy: ProxyDescriptor, sourceLabelKeys: readonly string[]): string {
  if (proxy.role === 'node') return 'node';
  if (proxy.role === 'gateway') return `gateway/${proxy.namespace}`;
  return `sidecar/${formatView({ namespace: proxy.namespace, labels: narrowLabels(proxy.labels, sourceLabelKeys) })}`;
}

export function parseScope(text: string): Scope {
  if (text === 'node') return { role: 'node' };
  const [role, rest] = [text.slice(0, text.indexOf('/')), text.slice(text.indexOf('/') + 1)];
  if (role === 'gateway') return { role, namespace: rest };
  if (role === 'sidecar') return { role, view: parseView(rest) };
  throw new TypeError(`Not a scope: ${text}`);
}
