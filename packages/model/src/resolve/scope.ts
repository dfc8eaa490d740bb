import type { ProxyDescriptor } from '../proxy.ts';
import { formatView, narrowLabels, parseView, type View } from './view.ts';

/**
 * Which outbound configuration a proxy gets, as text: `sidecar/default`, `gateway/istio-system`, `node`.
 *
 * Why not one scope for all sidecars: the bare name of a service (`reviews`) is a domain only for clients in its own
 * namespace, and a client's namespace decides which DestinationRules and private rules it sees. Labels of the proxy are
 * part of the scope only when a rule looks at them (`sourceLabels`), and only those labels; selective resources (a
 * Sidecar, an EnvoyFilter with a selector) only when they concern the proxy: so one scope per namespace is the rule.
 * Within scopes everything made for a service is shared by all namespaces that see the same.
 */
export type Scope =
  | { readonly role: 'sidecar'; readonly view: View }
  | { readonly role: 'gateway'; readonly view: View }
  | { readonly role: 'node' };

/** One reason why a proxy's outbound configuration differs from that of its neighbours. */
export interface VariantSource {
  /** The key in `View.variant`. */
  readonly key: string;
  /** Names of the resources that concern this proxy, or what else tells it apart; '' for none. */
  of(proxy: ProxyDescriptor): string;
}

export function scopeText(
  proxy: ProxyDescriptor,
  sourceLabelKeys: readonly string[],
  variants: readonly VariantSource[],
): string {
  if (proxy.role === 'node') return 'node';
  const found = variants.map(({ key, of }) => [key, of(proxy)] as const).filter(([, value]) => value !== '');
  const variant = found.length === 0 ? {} : { variant: Object.fromEntries(found) };
  const labels = proxy.role === 'gateway' ? {} : narrowLabels(proxy.labels, sourceLabelKeys);
  return `${proxy.role}/${formatView({ namespace: proxy.namespace, labels, ...variant })}`;
}

export function parseScope(text: string): Scope {
  if (text === 'node') return { role: 'node' };
  const [role, rest] = [text.slice(0, text.indexOf('/')), text.slice(text.indexOf('/') + 1)];
  if (role === 'gateway' || role === 'sidecar') return { role, view: parseView(rest) };
  throw new TypeError(`Not a scope: ${text}`);
}
