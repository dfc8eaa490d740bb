import { readFileSync } from 'node:fs';

/** A mesh test of the upstream suite (Gateway API 1.6), and the profile whose conformance it counts for. */
interface Upstream {
  readonly name: string;
  readonly counts: 'core' | 'extended' | 'none';
  /** What of it is not so here. */
  readonly except?: string;
}

const core = (name: string): Upstream => ({ name, counts: 'core' });
const extended = (name: string): Upstream => ({ name, counts: 'extended' });
const none = (name: string): Upstream => ({ name, counts: 'none' });

export const UPSTREAM: readonly Upstream[] = [
  core('MeshBasic'),
  none('MeshConsumerRoute'),
  none('MeshFrontend'),
  {
    ...none('MeshFrontendHostname'),
    except:
      'a request to a service without routes that names the host of one with routes goes where the host says, as in Istio ([ADR 0024](adr/0024-one-host-several-dialects.md))',
  },
  core('MeshGRPCRouteRequestHeaderModifier'),
  core('MeshGRPCRouteWeight'),
  none('MeshHTTPRoute303Redirect'),
  none('MeshHTTPRoute307Redirect'),
  none('MeshHTTPRoute308Redirect'),
  extended('MeshHTTPRouteBackendRequestHeaderModifier'),
  core('MeshHTTPRouteMatching'),
  extended('MeshHTTPRouteNamedRule'),
  extended('MeshHTTPRouteQueryParamMatching'),
  core('MeshHTTPRouteRedirectHostAndStatus'),
  extended('MeshHTTPRouteRedirectPath'),
  extended('MeshHTTPRouteRedirectPort'),
  core('MeshHTTPRouteRequestHeaderModifier'),
  extended('MeshHTTPRouteRewritePath'),
  extended('MeshHTTPRouteSchemeRedirect'),
  core('MeshHTTPRouteSimpleSameNamespace'),
  core('MeshHTTPRouteWeight'),
  none('MeshPorts'),
  core('MeshTrafficSplit'),
];

const SOURCE = ['mesh.test.ts', 'mesh-redirects.test.ts']
  .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
  .join('\n');

/** Titles of our tests by the name of the upstream test. */
export function titles(): ReadonlyMap<string, string> {
  const plain = [...SOURCE.matchAll(/\btest\(\s*'(\w+): ([^']+)'/g)].map(([, name = '', what = '']) => [name, what]);
  const several = [...SOURCE.matchAll(/\btest\.each\(\[([^\]]*)\]\)\(\s*'(\w+)%i(\w+): ([^']+)'/g)].flatMap(
    ([, values = '', before = '', after = '', what = '']) =>
      values.split(',').map((value) => [`${before}${value.trim()}${after}`, what]),
  );
  return new Map([...plain, ...several] as [string, string][]);
}

/** `docs/gamma.md`. What has no test is not called supported. */
export function gammaPage(): string {
  const ours = titles();
  const rows = UPSTREAM.map(({ name, counts, except }) => {
    const supported = ours.has(name) ? (except === undefined ? 'yes' : 'in part') : 'no';
    return `| ${name} | ${counts} | ${ours.get(name) ?? ''} | ${supported} |`;
  });
  const exceptions = UPSTREAM.flatMap(({ name, except }) => (except === undefined ? [] : [`- ${name}: ${except}.`]));
  const all = rows.length;
  const yes = UPSTREAM.filter(({ name, except }) => ours.has(name) && except === undefined).length;
  return `# GAMMA: routes between services

Generated from the titles of the tests in \`tests/gamma\` by \`npm run docs\`; a test compares them.

Gateway API's conformance suite has ${all} tests for meshes. The suite itself has not been run here: it wants a cluster. For each of its tests there is one of
our own with real Envoys between real programs, which asks for what the description of that test says. ${yes} of ${all} hold without exception.

_Counts_ says for which part of a profile (MESH-HTTP, MESH-GRPC) an upstream test counts; \`none\` are those that ask for features of no mesh profile.

| upstream test | counts | what must be true here | supported |
| --- | --- | --- | --- |
${rows.join('\n')}
${exceptions.length === 0 ? '' : `\n## Exceptions\n\n${exceptions.join('\n')}\n`}`;
}
