import { covers } from '@meshwise/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gatewayClass,
  gatewayOf,
  httpRoute,
  listener,
  planOf,
  proxyOf,
  rule,
  tlsRoute,
} from '../testing/class-gateway.ts';
import { TestMesh } from '../testing/mesh.ts';
import { age, service } from '../testing/resources.ts';

/** Few names, so that they meet. */
const HOSTS = ['*', '*.b', '*.a.b', 'x.a.b', 'y.a.b', 'x.b', 'c'] as const;
const REQUESTS = ['x.a.b', 'y.a.b', 'z.a.b', 'x.b', 'w.b', 'c', 'd'] as const;
const BACKENDS = ['one', 'two', 'three'] as const;
const proxy = proxyOf('gw');

const listeners = fc.uniqueArray(fc.constantFrom(...HOSTS), { minLength: 1, maxLength: 4 });
const routes = fc.array(
  fc.record({
    hostnames: fc.uniqueArray(fc.constantFrom(...HOSTS.slice(1)), { maxLength: 2 }),
    section: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
    backend: fc.constantFrom(...BACKENDS),
    created: fc.nat({ max: 5 }),
  }),
  { maxLength: 5 },
);
type Route = typeof routes extends fc.Arbitrary<readonly (infer R)[]> ? R : never;

function parentOf({ section }: Route): object {
  return { name: 'gw', ...(section === undefined ? {} : { sectionName: `l${section}` }) };
}

/** As Gateway API says it, without a thought for how a proxy does it: the listener first, then the route. */
function expected(hosts: readonly string[], all: readonly Route[], request: string): string | undefined {
  const bySpecificity = (a: string, b: string) =>
    Number(a.startsWith('*')) - Number(b.startsWith('*')) || b.length - a.length;
  const chosen = hosts.filter((host) => covers(host, request)).sort(bySpecificity)[0];
  if (chosen === undefined) return undefined;
  const index = hosts.indexOf(chosen);
  const candidates = all.flatMap((route, number) => {
    if (route.section !== undefined && route.section !== index) return [];
    const met = route.hostnames.length === 0 ? [chosen] : route.hostnames.flatMap((name) => narrower(chosen, name));
    const best = met.filter((name) => covers(name, request)).sort(bySpecificity)[0];
    return best === undefined ? [] : [{ best, route, number }];
  });
  candidates.sort((a, b) => bySpecificity(a.best, b.best) || a.route.created - b.route.created || a.number - b.number);
  return candidates[0]?.route.backend;
}

function narrower(a: string, b: string): readonly string[] {
  if (covers(a, b)) return [b];
  return covers(b, a) ? [a] : [];
}

describe('001-77 what holds for every Gateway', () => {
  it('a request goes to the most specific listener, and there to the route with the most specific hostname', () => {
    fc.assert(
      fc.property(listeners, routes, fc.constantFrom(...REQUESTS), (hosts, all, request) => {
        const mesh = new TestMesh(
          gatewayClass(),
          ...BACKENDS.map((name) => service(name, [{ name: 'http', port: 80 }])),
          gatewayOf(
            'gw',
            ...hosts.map((host, index) => listener(`l${index}`, 80, host === '*' ? {} : { hostname: host })),
          ),
          ...all.map((route, index) =>
            httpRoute(
              `r${index}`,
              { parentRefs: [parentOf(route)], hostnames: route.hostnames, rules: [rule(route.backend, 80)] },
              age(route.created),
            ),
          ),
        );
        const [server] = planOf(mesh, proxy).servers;
        const virtualHosts = server?.protocol === 'http' ? server.virtualHosts : [];
        const domains = virtualHosts.flatMap((host) => host.domains);
        expect(new Set(domains).size).toBe(domains.length);
        // As Envoy chooses: the exact domain, else the longest that ends so.
        const found = virtualHosts
          .filter(({ domains: [domain = ''] }) => covers(domain, request))
          .sort(
            ({ domains: [a = ''] }, { domains: [b = ''] }) =>
              Number(a.startsWith('*')) - Number(b.startsWith('*')) || b.length - a.length,
          )[0];
        const action = found?.routes[0]?.action;
        const backend =
          action?.kind === 'forward' ? action.destinations[0]?.cluster.split('|')[3]?.split('.')[0] : undefined;
        expect(backend).toBe(expected(hosts, all, request));
      }),
      { numRuns: 400 },
    );
  });

  it('no two ways of one port have one server name, whatever names are written', () => {
    fc.assert(
      fc.property(listeners, routes, (hosts, all) => {
        const mesh = new TestMesh(
          gatewayClass(),
          ...BACKENDS.map((name) => service(name, [{ name: 'tls', port: 80 }])),
          gatewayOf(
            'gw',
            ...hosts.map((host, index) => ({
              ...listener(`l${index}`, 443, { protocol: 'TLS', tls: { mode: 'Passthrough' } }),
              ...(host === '*' ? {} : { hostname: host }),
            })),
          ),
          ...all.map((route, index) =>
            tlsRoute(
              `r${index}`,
              {
                parentRefs: [parentOf(route)],
                hostnames: route.hostnames,
                rules: [{ backendRefs: [{ name: route.backend, port: 80 }] }],
              },
              age(route.created),
            ),
          ),
        );
        const [server] = planOf(mesh, proxy).servers;
        const chains = server?.protocol === 'tls' ? server.passthrough : [];
        const names = chains.flatMap(({ serverNames = [] }) => (serverNames.length === 0 ? ['*'] : serverNames));
        expect(new Set(names).size).toBe(names.length);
        const plan = mesh.model.outbound(mesh.model.scopeOf(proxy.id));
        const known = new Set(plan.clusters.map(({ name }) => name));
        for (const { cluster } of chains.flatMap(({ destinations }) => destinations)) expect(known).toContain(cluster);
      }),
      { numRuns: 200 },
    );
  });
});
