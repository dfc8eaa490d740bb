/**
 * Which service is meant: `reviews.default.svc.cluster.local`, or `api.example.com@shop` where several namespaces say
 * something about one host, so that clients may see different ones. Everything made for a service is remembered by its
 * key, and clients that see the same service share it.
 */
export function serviceKey(host: string, namespace: string): string {
  return `${host}@${namespace}`;
}

/** The name that clients know the service by. */
export function hostOfKey(key: string): string {
  const end = key.indexOf('@');
  return end < 0 ? key : key.slice(0, end);
}

/** The namespace that is meant; undefined when the host leaves no choice. */
export function namespaceOfKey(key: string): string | undefined {
  const end = key.indexOf('@');
  return end < 0 ? undefined : key.slice(end + 1);
}
