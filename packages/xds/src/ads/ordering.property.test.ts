/**
 * Make before break, seen from the client: at no moment does something it has refer to a cluster it does not have.
 * The client behaves as Envoy does: it acknowledges clusters only once their endpoints have arrived, asks for the routes
 * its listeners name and the endpoints of its clusters, and drops virtual hosts of routes that it does not have.
 */
import type { Message } from '@bufbuild/protobuf';
import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { type VirtualHost, VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { discoveringRoutes, edsCluster, endpoints, listener, virtualHost } from '../testing/messages.ts';
import { ModelClient, type Received } from '../testing/model-client.ts';
import { ResourceView } from '../view/resource-view.ts';
import type { Variant } from '../view/shared-parts.ts';
import { routesOfVirtualHost } from '../view/virtual-host-names.ts';

/** A world without dangling references; each step of the test puts a whole one into the view at once. */
const world = fc.record({
  routes: fc.dictionary(fc.constantFrom('r1', 'r2'), fc.subarray(['c1', 'c2', 'c3', 'c4'], { minLength: 1 }), {
    minKeys: 1,
  }),
  extra: fc.subarray(['c1', 'c2', 'c3', 'c4']),
  revisions: fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }),
  splitListeners: fc.boolean(),
});

function build(spec: typeof world extends fc.Arbitrary<infer T> ? T : never) {
  const clusters = [...new Set([...Object.values(spec.routes).flat(), ...spec.extra])];
  const revision = (index: number) => spec.revisions[index] ?? 0;
  const names = Object.keys(spec.routes);
  const listeners = spec.splitListeners ? names.map((name) => [`l-${name}`, [name]] as const) : [['l', names] as const];
  return {
    CDS: new Map<string, Message>(clusters.map((name, i) => [name, edsCluster(name, revision(i))])),
    EDS: new Map<string, Message>(clusters.map((name, i) => [name, endpoints(name, revision(i + 2))])),
    LDS: new Map<string, Message>(listeners.map(([name, of], i) => [name, listener(name, of, revision(i + 4))])),
    RDS: new Map<string, Message>(names.map((name, i) => [name, discoveringRoutes(name, revision(i + 4))])),
    VHDS: new Map<string, Message>(
      Object.entries(spec.routes).map(([name, to], i) => [`${name}/h`, virtualHost(`${name}/h`, to, revision(i + 6))]),
    ),
  };
}

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('world' as const), world }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const) }) },
);

const clustersOf = ({ requestHeadersToRemove }: VirtualHost): readonly string[] => requestHeadersToRemove;

class EnvoyLike {
  readonly client: ModelClient;
  #warming = new Set<string>();
  #heldBack: Received | undefined;
  /** By route configuration that it has: the clusters its virtual hosts refer to; undefined while it waits for them. */
  readonly #routing = new Map<string, readonly string[] | undefined>();

  constructor(variant: Variant, view: ResourceView) {
    this.client = new ModelClient(variant, [view]);
    this.client.subscribe('CDS');
    this.client.subscribe('LDS');
  }

  deliver(): boolean {
    const clustersBefore = new Map(this.client.of('CDS'));
    const response = this.client.receive();
    if (response === undefined) return false;
    if (response.type === 'CDS') {
      for (const [name, { body }] of response.resources) {
        if (Buffer.compare(clustersBefore.get(name)?.body ?? Buffer.alloc(0), body) !== 0) this.#warming.add(name);
      }
      for (const name of this.#warming) if (!this.client.of('CDS').has(name)) this.#warming.delete(name);
      this.client.subscribe('EDS', this.client.of('CDS').keys());
    }
    if (response.type === 'EDS') {
      for (const name of [...response.resources.keys(), ...response.removed]) this.#warming.delete(name);
    }
    if (response.type === 'RDS') this.#takeRoutes(response);
    if (response.type === 'VHDS') this.#takeVirtualHosts(response);
    this.#expectNothingDangling(response);
    if (response.type === 'CDS') this.#heldBack = response;
    else this.client.answer(response);
    if (this.#heldBack !== undefined && this.#warming.size === 0) {
      const held = this.#heldBack;
      this.#heldBack = undefined;
      this.client.answer(held);
    }
    if (response.type === 'LDS') {
      const wanted = this.#routesWanted();
      for (const name of this.#routing.keys()) if (!wanted.has(name)) this.#routing.delete(name);
      this.client.subscribe('RDS', wanted);
    }
    return true;
  }

  /** Before it acknowledges routes, it asks for virtual hosts; only the first time, of whatever routes. */
  #takeRoutes(response: Received): void {
    for (const [name, { body }] of response.resources) {
      const { virtualHosts, vhds } = fromBinary(RouteConfigurationSchema, body);
      if (vhds === undefined) this.#routing.set(name, virtualHosts.flatMap(clustersOf));
      else if (!this.#routing.has(name)) this.#routing.set(name, undefined);
      if (vhds !== undefined && !this.client.names.has('VHDS')) this.client.subscribe('VHDS');
    }
  }

  #takeVirtualHosts(response: Received): void {
    for (const [name, { body }] of response.resources) {
      const routes = routesOfVirtualHost(name);
      if (this.#routing.has(routes)) this.#routing.set(routes, clustersOf(fromBinary(VirtualHostSchema, body)));
    }
    for (const name of response.removed) {
      if (this.#routing.has(routesOfVirtualHost(name))) this.#routing.set(routesOfVirtualHost(name), []);
    }
  }

  reconnect(): void {
    // Envoy goes on warming what it was warming.
    this.#heldBack = undefined;
    this.client.reconnect();
  }

  /** The fetch timeout: the state-of-the-world variant cannot say that there are no such endpoints (any more). */
  giveUpWarming(view: ResourceView): boolean {
    const isHopeless = [...this.#warming].some((name) => view.get('EDS', name) === undefined);
    if (this.client.variant === 'delta' || this.#heldBack === undefined || !isHopeless) return false;
    for (const name of this.#warming) if (view.get('EDS', name) === undefined) this.#warming.delete(name);
    if (this.#warming.size > 0) return false;
    this.client.answer(this.#heldBack);
    this.#heldBack = undefined;
    return true;
  }

  expectSettled(view: ResourceView): void {
    for (const name of this.#routesWanted()) {
      const host = view.get('VHDS', `${name}/h`);
      const expected = host === undefined ? [] : clustersOf(fromBinary(VirtualHostSchema, host.body));
      expect(this.#routing.get(name), `virtual hosts of ${name}`).toEqual(expected);
    }
    expect([...this.#warming], 'clusters that never became warm').toEqual([]);
    expect(this.#heldBack).toBeUndefined();
  }

  #routesWanted(): Set<string> {
    const parse = (body: Uint8Array) => fromBinary(ListenerSchema, body).statPrefix.split(',').slice(1);
    return new Set([...this.client.of('LDS').values()].flatMap(({ body }) => parse(body)));
  }

  #expectNothingDangling(response: Received): void {
    const clusters = new Set(this.client.of('CDS').keys());
    for (const [name, referred] of this.#routing) {
      const missing = (referred ?? []).filter((cluster) => !clusters.has(cluster));
      expect(missing, `clusters route ${name} refers to, after a ${response.type} response`).toEqual([]);
    }
  }
}

function run(variant: Variant, steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]): void {
  const view = new ResourceView({ name: 'mesh' });
  const envoy = new EnvoyLike(variant, view);
  for (const each of steps) {
    if (each.do === 'deliver') envoy.deliver();
    else if (each.do === 'reconnect') {
      if (variant === 'delta') envoy.reconnect();
    } else {
      const next = build(each.world);
      const types = ['CDS', 'EDS', 'LDS', 'RDS', 'VHDS'] as const;
      view.update(
        types.map((type) => {
          const removals = [...view.names(type)].filter((name) => !next[type].has(name));
          return { type, upserts: next[type], removals };
        }),
      );
      envoy.client.pump();
    }
  }
  while (envoy.deliver() || envoy.giveUpWarming(view));
  envoy.expectSettled(view);
  for (const status of Object.values(envoy.client.session.typeStatuses())) expect(status.pending).toBe(false);
  for (const type of ['CDS', 'LDS'] as const) {
    expect([...envoy.client.of(type).keys()].sort()).toEqual([...view.names(type)].sort());
  }
}

const RUNS = { numRuns: 300 };

it('never leaves an incremental client with a route to a cluster it does not have, nor with a cold cluster', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => run('delta', steps)),
    RUNS,
  );
});

it('never leaves a state-of-the-world client with a route to a cluster it does not have, nor with a cold cluster', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => run('sotw', steps)),
    RUNS,
  );
});
