import type { RuleMatch } from '../model/routing.ts';
import type { HttpMatch, RoutePathMatch } from '../plan.ts';

/**
 * The conditions of a rule and of the rules it delegates to, put together as Istio documents it for VirtualService
 * `delegate`: those of the delegate have to be narrower. Each alternative of the delegate is tried with each of the root;
 * undefined when one of them fits none.
 */
export function mergeMatches(
  root: readonly RuleMatch[],
  delegate: readonly RuleMatch[],
): readonly RuleMatch[] | undefined {
  if (root.length === 0) return delegate;
  if (delegate.length === 0) return root;
  const merged = delegate.map((narrow) =>
    root.filter((wide) => !isConflict(wide, narrow)).map((wide) => merge(wide, narrow)),
  );
  return merged.some((alternatives) => alternatives.length === 0) ? undefined : merged.flat();
}

/** `root-delegate`, as Istio joins them. */
export function joinNames(root: string | undefined, delegate: string | undefined): string | undefined {
  return root === undefined || delegate === undefined ? (delegate ?? root) : `${root}-${delegate}`;
}

function merge(root: RuleMatch, delegate: RuleMatch): RuleMatch {
  const name = joinNames(root.name, delegate.name);
  const claims = [...(root.http.claims ?? []), ...(delegate.http.claims ?? [])];
  return {
    ...root,
    ...delegate,
    ...(name === undefined ? {} : { name }),
    ...(root.sourceLabels === undefined && delegate.sourceLabels === undefined
      ? {}
      : { sourceLabels: { ...root.sourceLabels, ...delegate.sourceLabels } }),
    http: {
      ...root.http,
      ...delegate.http,
      headers: mergeNamed(root.http.headers, delegate.http.headers),
      queryParameters: mergeNamed(root.http.queryParameters, delegate.http.queryParameters),
      ...(claims.length === 0 ? {} : { claims }),
    },
  };
}

type Header = HttpMatch['headers'][number];

const isSame = (a: Header, b: Header) => a.name === b.name && (a.invert ?? false) === (b.invert ?? false);

function mergeNamed(root: readonly Header[], delegate: readonly Header[]): readonly Header[] {
  return [...root.filter((wide) => !delegate.some((narrow) => isSame(wide, narrow))), ...delegate];
}

function isConflict(root: RuleMatch, delegate: RuleMatch): boolean {
  const labels = root.sourceLabels ?? {};
  return (
    ignoresCase(root) !== ignoresCase(delegate) ||
    isHttpConflict(root.http, delegate.http) ||
    (root.port !== undefined && delegate.port !== undefined && root.port !== delegate.port) ||
    // Istio asks for the same namespace in both where the root names one.
    (root.sourceNamespace !== undefined && root.sourceNamespace !== delegate.sourceNamespace) ||
    Object.entries(delegate.sourceLabels ?? {}).some(([key, value]) => (labels[key] ?? value) !== value) ||
    (root.gateways !== undefined && (delegate.gateways ?? []).some((gateway) => !root.gateways?.includes(gateway)))
  );
}

function isHttpConflict(root: HttpMatch, delegate: HttpMatch): boolean {
  const named = (wide: readonly Header[], narrow: readonly Header[]) =>
    narrow.some((header) => areApart(wide.find((other) => isSame(other, header))?.match, header.match));
  return (
    (['path', 'method', 'authority', 'scheme'] as const).some((part) => areApart(root[part], delegate[part])) ||
    named(root.headers, delegate.headers) ||
    named(root.queryParameters, delegate.queryParameters)
  );
}

function ignoresCase({ http: { path }, ignoresPathCase }: RuleMatch): boolean {
  return ignoresPathCase === true || (path !== undefined && 'ignoreCase' in path && path.ignoreCase === true);
}

/** Whether the second is not narrower than the first. Nobody can say that of regular expressions; Istio says no. */
function areApart(root: RoutePathMatch | undefined, delegate: RoutePathMatch | undefined): boolean {
  if (root === undefined || delegate === undefined) return false;
  if ('exact' in root) return !('exact' in delegate) || delegate.exact !== root.exact;
  if (!('prefix' in root)) return true;
  if ('exact' in delegate) return !delegate.exact.startsWith(root.prefix);
  return !('prefix' in delegate) || !delegate.prefix.startsWith(root.prefix);
}
