/** Attributes of requests and connections that Istio's AuthorizationPolicy knows in `when` (Istio, "Authorization Policy Conditions"). */
const PLAIN = [
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.serviceAccount',
  'source.principal',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
] as const;
export type PlainConditionKey = (typeof PLAIN)[number];

export type ConditionKey =
  | { readonly attribute: PlainConditionKey }
  | { readonly attribute: 'request.headers'; readonly name: string }
  /** Nested claims by the names on the way. */
  | { readonly attribute: 'request.auth.claims'; readonly path: readonly string[] }
  | { readonly attribute: 'experimental.envoy.filters'; readonly filter: string; readonly path: readonly string[] };

/** What a key of `when` means; a problem when Istio knows none of that name. */
export function parseConditionKey(key: string): ConditionKey | { readonly problem: string } {
  const plain = PLAIN.find((attribute) => attribute === key);
  if (plain !== undefined) return { attribute: plain };
  const [name, names] = namesInBrackets(key);
  const [first] = names;
  if (name === 'request.headers' && names.length === 1 && first !== undefined) return { attribute: name, name: first };
  if (name === 'request.auth.claims' && names.length > 0) return { attribute: name, path: names };
  if (name.startsWith('experimental.envoy.filters.') && names.length > 0) {
    return { attribute: 'experimental.envoy.filters', filter: name.slice('experimental.'.length), path: names };
  }
  const withName = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];
  const wanted = withName.find((attribute) => key.startsWith(attribute));
  return { problem: wanted === undefined ? 'there is no such attribute' : 'it takes a name, as in a[b]' };
}

/** `a[b][c]` as `a` and [`b`, `c`]; no names when a bracket is missing or empty. */
function namesInBrackets(key: string): readonly [name: string, names: readonly string[]] {
  const open = key.indexOf('[');
  if (open <= 0 || !key.endsWith(']')) return [key, []];
  const names = key.slice(open + 1, -1).split('][');
  return [key.slice(0, open), names.some((name) => name === '') ? [] : names];
}
