/** `reviews.default.svc.cluster.local`. */
export function serviceHost(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/**
 * A host as it is written in a resource, as a full name: a name without dots is a service in the namespace of the resource
 * (Istio, VirtualService `hosts` and DestinationRule `host`); patterns and names with dots stay as they are.
 */
export function fullHost(written: string, namespace: string, clusterDomain: string): string {
  const host = written.toLowerCase();
  if (host === '' || host.includes('.') || host.startsWith('*')) return host;
  return serviceHost(host, namespace, clusterDomain);
}

export function isPattern(host: string): boolean {
  return host.startsWith('*');
}

/** Whether every name that `inner` stands for is also one that `outer` stands for. `*.a.b` covers `x.a.b`, not `a.b`. */
export function covers(outer: string, inner: string): boolean {
  if (outer === '*' || outer === inner) return true;
  if (!isPattern(outer)) return false;
  const suffix = outer.slice(1);
  const name = isPattern(inner) ? inner.slice(1) : inner;
  return name.length > suffix.length && name.endsWith(suffix);
}

/** Of the patterns that cover the host, the most specific one; the host itself first of all. */
export function mostSpecific(host: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  for (const candidate of candidates) {
    if (candidate === host) return candidate;
    if (covers(candidate, host) && (best === undefined || candidate.length > best.length)) best = candidate;
  }
  return best;
}
