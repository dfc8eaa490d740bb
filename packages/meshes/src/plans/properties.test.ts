import type {
  ByteChainPlan,
  GatewayServerPlan,
  ObservableMeshModel,
  OutboundPlan,
  ProxyDescriptor,
  RoutePlan,
  VirtualHostPlan,
  WeightedCluster,
} from '@meshwise/model';
import { keyOf, keyText, type Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyProxy, anyResource } from '../testing/arbitrary.ts';
import { TestMesh } from '../testing/mesh.ts';
import { service } from '../testing/resources.ts';

const extraScopes = ['sidecar/default', 'sidecar/shop', 'gateway/shop', 'node'];

/** Everything a model can be asked. */
function answers(model: ObservableMeshModel): Readonly<Record<string, unknown>> {
  const ids = model.proxies().map(({ id }) => id);
  const scopes = [...new Set([...ids.map((id) => model.scopeOf(id)), ...extraScopes])];
  return {
    proxies: model.proxies(),
    ...Object.fromEntries(scopes.map((scope) => [scope, model.outbound(scope)])),
    ...Object.fromEntries(ids.map((id) => [`of ${id}`, [model.scopeOf(id), model.inbound(id), model.gateway(id)]])),
    residues: [...model.residues()],
    keySources: model.keySources(),
  };
}

function fromScratch(resources: readonly Resource[], proxies: readonly ProxyDescriptor[]): ObservableMeshModel {
  const { model } = new TestMesh(...resources);
  for (const proxy of proxies) model.setProxy(proxy);
  return model;
}

type Step =
  | readonly ['upsert' | 'delete', Resource]
  | readonly ['set' | 'remove', ProxyDescriptor]
  | readonly ['keys', string]
  | readonly ['ask'];

/** A source of `anySecurity`. */
const KEY_SET = 'uri https://a.example/keys';

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: anyResource.map((resource) => ['upsert', resource] as const) },
  { weight: 2, arbitrary: anyResource.map((resource) => ['delete', resource] as const) },
  { weight: 2, arbitrary: anyProxy.map((proxy) => ['set', proxy] as const) },
  { weight: 1, arbitrary: anyProxy.map((proxy) => ['remove', proxy] as const) },
  { weight: 1, arbitrary: fc.constantFrom('one', 'two').map((keys) => ['keys', keys] as const) },
  { weight: 3, arbitrary: fc.constant(['ask'] as const) },
);

describe('the incremental model', () => {
  it('answers after any changes as one built from scratch does', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), (steps) => {
        const mesh = new TestMesh();
        const resources = new Map<string, Resource>();
        const proxies = new Map<string, ProxyDescriptor>();
        let keySet: string | undefined;
        const check = () => {
          const model = fromScratch([...resources.values()], [...proxies.values()]);
          model.setKeySet(KEY_SET, keySet);
          expect(answers(mesh.model)).toEqual(answers(model));
        };
        for (const [action, subject] of steps) {
          if (action === 'upsert') {
            resources.set(keyText(keyOf(subject)), subject);
            mesh.apply(subject);
          } else if (action === 'delete') {
            resources.delete(keyText(keyOf(subject)));
            mesh.delete(subject);
          } else if (action === 'set') {
            proxies.set(subject.id, subject);
            mesh.model.setProxy(subject);
          } else if (action === 'remove') {
            proxies.delete(subject.id);
            mesh.model.removeProxy(subject.id);
          } else if (action === 'keys') {
            keySet = subject;
            mesh.model.setKeySet(KEY_SET, subject);
          } else check();
        }
        check();
      }),
      { numRuns: 150 },
    );
  });

  it('keeps every object that equals the one before, and computes nothing for resources applied again', () => {
    fc.assert(
      fc.property(
        fc.array(anyResource, { minLength: 3, maxLength: 25, size: 'max' }),
        fc.array(anyProxy, { maxLength: 4 }),
        (resources, proxies) => {
          const model = fromScratch(resources, proxies);
          const before = answers(model);
          const { computed } = model.statistics();
          // As a reconnecting watch does: everything again, as new objects, with new resource versions.
          const latest = new Map(resources.map((resource) => [keyText(keyOf(resource)), resource]));
          for (const resource of latest.values()) {
            const again = structuredClone({ ...resource, metadata: { ...resource.metadata, resourceVersion: '77' } });
            model.update([{ type: 'upsert', resource: again }]);
          }
          for (const proxy of new Map(proxies.map((one) => [one.id, one])).values())
            model.setProxy(structuredClone(proxy));
          const after = answers(model);
          expect(model.statistics().computed).toBe(computed);
          for (const scope of extraScopes) expect(after[scope]).toBe(before[scope]);
          expect(after['proxies']).toBe(before['proxies']);
        },
      ),
    );
  });

  it('keeps every object of other services when one more comes and goes', () => {
    fc.assert(
      fc.property(fc.array(anyResource, { minLength: 3, maxLength: 25, size: 'max' }), (resources) => {
        const mesh = new TestMesh(...resources);
        const before = mesh.sidecar();
        // On a port of its own: hosts of others join every port that somebody opens.
        const another = service('elsewhere/aaa', [{ name: 'http', port: 81 }], { spec: { clusterIP: '10.96.9.9' } });
        const during = mesh.apply(another).sidecar();
        const isOwn = (text: string) => text.includes('aaa.elsewhere');
        const hostsOf = (plan: OutboundPlan) =>
          plan.httpPorts.filter(({ port }) => port !== 81).flatMap(({ virtualHosts }) => virtualHosts);
        const ownHosts = during.httpPorts.filter(({ port }) => port === 81).flatMap(({ virtualHosts }) => virtualHosts);
        // A route for every host is one of the new service too, and may lead where no other did before.
        const ownTargets = new Set(ownHosts.flatMap(({ routes }) => routes.flatMap(targetsOf)));
        const ofOthers = (cluster: string) => !isOwn(cluster) && !ownTargets.has(cluster);
        expect(before.clusters.filter((plan) => !during.clusters.includes(plan))).toEqual([]);
        expect(before.endpoints.filter((plan) => !during.endpoints.includes(plan))).toEqual([]);
        const isNew = <T>(plans: readonly T[]) => {
          const known = new Set(plans);
          return (plan: T) => !known.has(plan);
        };
        expect(during.clusters.filter(isNew(before.clusters)).filter(({ name }) => ofOthers(name))).toEqual([]);
        expect(during.endpoints.filter(isNew(before.endpoints)).filter(({ cluster }) => ofOthers(cluster))).toEqual([]);
        expect(hostsOf(during).filter(({ name }) => !isOwn(name))).toEqual(hostsOf(before));
        expect(
          hostsOf(during)
            .filter(isNew(hostsOf(before)))
            .every(({ name }) => isOwn(name)),
        ).toBe(true);
        expect(during.tcpListeners).toBe(before.tcpListeners);
        expect(mesh.delete(another).sidecar()).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });
});

function targetsOf({ action }: RoutePlan): string[] {
  if (action.kind !== 'forward') return [];
  return [...action.destinations, ...(action.mirrors ?? [])].map(({ cluster }) => cluster);
}

function hostsOfServer(server: GatewayServerPlan): readonly (readonly VirtualHostPlan[])[] {
  if (server.protocol === 'http') return [server.virtualHosts];
  return server.protocol === 'tls'
    ? server.terminating.flatMap(({ http }) => (http === undefined ? [] : [http.virtualHosts]))
    : [];
}

function chainsOfServer(server: GatewayServerPlan): readonly ByteChainPlan[] {
  if (server.protocol === 'tcp') return server.chains;
  return server.protocol === 'tls'
    ? [...server.passthrough, ...server.terminating.flatMap(({ bytes }) => bytes ?? [])]
    : [];
}

describe('any plan', () => {
  const everyPlan = (check: (plan: OutboundPlan, model: ObservableMeshModel) => void) =>
    fc.assert(
      fc.property(
        fc.array(anyResource, { minLength: 5, maxLength: 40, size: 'max' }),
        fc.array(anyProxy, { maxLength: 4 }),
        (resources, proxies) => {
          const model = fromScratch(resources, proxies);
          const scopes = [...extraScopes, ...proxies.map(({ id }) => model.scopeOf(id))];
          for (const scope of new Set(scopes)) check(model.outbound(scope), model);
        },
      ),
    );
  const clustersOf = (routes: readonly RoutePlan[]) =>
    routes.flatMap(({ action }) =>
      action.kind === 'forward'
        ? [...reached(action.destinations), ...(action.mirrors ?? [])].map(({ cluster }) => cluster)
        : [],
    );
  /** What is refused has a name that nothing has. */
  const reached = (destinations: readonly WeightedCluster[]) =>
    destinations.filter(({ refusesWith }) => refusesWith === undefined);
  const routesOf = (hosts: readonly VirtualHostPlan[] = []) => hosts.flatMap(({ routes }) => routes);

  it('has domains only once per port', () => {
    everyPlan(({ httpPorts }) => {
      for (const { virtualHosts } of httpPorts) {
        const domains = virtualHosts.flatMap((virtualHost) => virtualHost.domains);
        expect(new Set(domains).size).toBe(domains.length);
      }
    });
  });

  it('refers only to clusters that it has, and has endpoints for each of them, once', () => {
    everyPlan((plan) => {
      const names = plan.clusters.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      const told = plan.clusters.filter(({ discovery }) => (discovery ?? 'eds') === 'eds').map(({ name }) => name);
      expect(plan.endpoints.map(({ cluster }) => cluster)).toEqual(told);
      const routes = plan.httpPorts.flatMap(({ virtualHosts }) =>
        virtualHosts.flatMap((virtualHost) => virtualHost.routes),
      );
      const used = [
        ...clustersOf(routes),
        ...plan.tcpListeners.flatMap((listener) =>
          [listener, ...(listener.chains ?? [])].flatMap(({ destinations }) =>
            reached(destinations).map(({ cluster }) => cluster),
          ),
        ),
        ...plan.tcpListeners.flatMap(({ detected }) => clustersOf(routesOf(detected?.virtualHosts))),
      ];
      expect(used.filter((name) => !names.includes(name))).toEqual([]);
    });
  });

  it('of a gateway refers only to clusters of the gateway scope, and has domains only once per port', () => {
    everyPlan((plan, model) => {
      for (const { id } of model.proxies().filter((proxy) => model.scopeOf(proxy.id) === plan.scope)) {
        const names = plan.clusters.map(({ name }) => name);
        for (const server of model.gateway(id).servers) {
          for (const virtualHosts of hostsOfServer(server)) {
            const domains = virtualHosts.flatMap((virtualHost) => virtualHost.domains);
            expect(new Set(domains).size).toBe(domains.length);
            expect(clustersOf(routesOf(virtualHosts)).filter((name) => !names.includes(name))).toEqual([]);
          }
          const chains = chainsOfServer(server);
          const used = chains.flatMap(({ destinations }) => reached(destinations).map(({ cluster }) => cluster));
          expect(used.filter((name) => !names.includes(name))).toEqual([]);
        }
      }
    });
  });

  it('of a gateway has each server name once on a port, each route name once, and a secret for each certificate', () => {
    everyPlan((_, model) => {
      for (const { id } of model.proxies()) {
        const { servers, secrets = [] } = model.gateway(id);
        const ports = servers.map(({ port }) => port);
        expect(new Set(ports).size).toBe(ports.length);
        for (const server of servers) {
          if (server.protocol !== 'tls') continue;
          const all = [...server.terminating, ...server.passthrough];
          const names = all.flatMap(({ serverNames = [], ...chain }) =>
            (serverNames.length === 0 ? ['*'] : serverNames).map(
              (name) => `${name} ${'destinationCidrs' in chain ? chain.destinationCidrs : ''}`,
            ),
          );
          expect(new Set(names).size).toBe(names.length);
          const routes = server.terminating.flatMap(({ http }) => http?.routeName ?? []);
          expect(new Set(routes).size).toBe(routes.length);
          for (const credential of server.terminating.flatMap(({ tls }) => tls.credentials)) {
            if (credential.kind === 'secret')
              expect(secrets.map(({ name }) => name)).toContain(`kubernetes://${credential.name}`);
          }
        }
      }
    });
  });

  it('asks only authorizers whose clusters it has', () => {
    everyPlan((plan, model) => {
      const names = plan.clusters.map(({ name }) => name);
      const own = model.proxies().filter(({ id }) => model.scopeOf(id) === plan.scope);
      const securities = own.flatMap(({ id }) => [
        model.gateway(id).security,
        ...model.inbound(id).map(({ security }) => security),
      ]);
      const used = securities.flatMap((security) => security?.authorization?.external?.authorizer.cluster ?? []);
      expect(used.filter((name) => !names.includes(name))).toEqual([]);
    });
  });

  it('reports only to clusters that it has', () => {
    everyPlan((plan, model) => {
      const names = plan.clusters.map(({ name }) => name);
      const own = model.proxies().filter(({ id }) => model.scopeOf(id) === plan.scope);
      const telemetries = [
        plan.telemetry,
        ...own.flatMap(({ id }) => [
          model.gateway(id).telemetry,
          ...model.inbound(id).map(({ telemetry }) => telemetry),
        ]),
      ];
      const used = telemetries.flatMap((telemetry) => [
        ...(telemetry?.accessLogs ?? []).flatMap(({ sink }) => (sink.kind === 'otlp' ? [sink.cluster] : [])),
        ...(telemetry?.tracing?.collector === undefined ? [] : [telemetry.tracing.collector.cluster]),
      ]);
      expect(used.filter((name) => !names.includes(name))).toEqual([]);
    });
  });

  it('listens on each address and port once', () => {
    everyPlan(({ tcpListeners }) => {
      const sockets = tcpListeners.map(({ address, port }) => `${address}_${port}`);
      expect(new Set(sockets).size).toBe(sockets.length);
    });
  });

  it('asks for one thing in one chain of a listener only', () => {
    everyPlan(({ tcpListeners }) => {
      for (const { chains = [] } of tcpListeners) {
        const asked = chains.flatMap(({ serverNames = [], destinationCidrs = [], sourceCidrs = [] }) =>
          (serverNames.length === 0 ? ['any'] : serverNames).map((name) =>
            JSON.stringify([name, destinationCidrs, sourceCidrs]),
          ),
        );
        expect(new Set(asked).size).toBe(asked.length);
      }
    });
  });

  it('is frozen at every level', () => {
    const isDeepFrozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen));
    everyPlan((plan, model) => {
      expect(isDeepFrozen(plan)).toBe(true);
      for (const { id } of model.proxies())
        expect([model.inbound(id), model.gateway(id)].every(isDeepFrozen)).toBe(true);
      expect(isDeepFrozen(model.proxies())).toBe(true);
    });
  });

  it('keeps the sum of the weights a rule gives to destinations', () => {
    const weights = fc.array(fc.tuple(fc.constantFrom('v1', 'v2', 'gone'), fc.integer({ min: 1, max: 50 })), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(weights, (shares) => {
        const route = shares.map(([subset, weight]) => ({ destination: { host: 'a', subset }, weight }));
        const mesh = new TestMesh(
          service('a', [{ name: 'http', port: 80 }]),
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'DestinationRule',
            metadata: { name: 'a', namespace: 'default' },
            spec: { host: 'a', subsets: [{ name: 'v1' }, { name: 'v2' }] },
          },
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'VirtualService',
            metadata: { name: 'a', namespace: 'default' },
            spec: { hosts: ['a'], http: [{ route }] },
          },
        );
        const action = mesh.routes('a')[0]?.action;
        if (shares.every(([subset]) => subset === 'gone')) expect(action).toEqual({ kind: 'respond', status: 503 });
        else
          expect(action?.kind === 'forward' && action.destinations.map(({ weight }) => weight)).toEqual(
            shares.map(([, weight]) => weight),
          );
      }),
    );
  });
});
