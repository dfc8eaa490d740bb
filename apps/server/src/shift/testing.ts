import { ManualClock, silentLogger } from '@meshwise/core';
import type { Resource, TrafficShiftSpec, VirtualServiceSpec } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { SAMPLE_MS } from './context.ts';
import { shiftControllers } from './controller.ts';
import { ShiftHistory } from './history.ts';
import type { ShiftMeter, Subject } from './meter.ts';
import { SHIFT, type TrafficShift, VIRTUAL_SERVICE } from './state.ts';
import type { Measured, VersionDelta } from './window.ts';

/** What each version does in a second. */
export type Behaviour = Readonly<
  Record<string, { readonly rps: number; readonly errorPercent?: number; readonly ms?: number }>
>;

/** Measures what the test says, over the time that passes. */
export class PlayedMeter implements ShiftMeter {
  behaviour: Behaviour = {};
  readonly #clock: ManualClock;
  readonly #lastMs = new Map<string, number>();

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  async restart({ key }: Subject): Promise<void> {
    this.#lastMs.set(key, this.#clock.monotonicMs());
  }

  async read(subject: Subject): Promise<Measured | undefined> {
    const lastMs = this.#lastMs.get(subject.key);
    await this.restart(subject);
    if (lastMs === undefined) return undefined;
    const elapsedMs = this.#clock.monotonicMs() - lastMs;
    const versions = subject.versions.map(({ name }): [string, VersionDelta] => {
      const { rps = 0, errorPercent = 0, ms = 10 } = this.behaviour[name] ?? {};
      const requests = Math.round((rps * elapsedMs) / 1_000);
      const latencies = new Map(requests === 0 ? [] : [[ms, { width: 1, count: requests }]]);
      return [name, { requests, errors: Math.round((requests * errorPercent) / 100), latencies }];
    });
    return { elapsedMs, versions: new Map(versions), proxies: { read: 3, all: 3 } };
  }

  forget(key: string): void {
    this.#lastMs.delete(key);
  }
}

/** The controller of shifts over a real store, with time and traffic that do what the test says. `kill` and `start` are a new daemon. */
export class TestShifts {
  readonly clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly store: SqliteResourceStore;
  meter = new PlayedMeter(this.clock);
  #group: ReturnType<typeof shiftControllers> | undefined;
  #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor() {
    this.store = new SqliteResourceStore({ path: ':memory:', clock: this.clock, bookmarkIntervalMs: 1e12 });
  }

  start(): void {
    this.#stopping = new AbortController();
    const { store, clock, meter } = this;
    const context = {
      store,
      clock,
      meter,
      logger: silentLogger,
      history: new ShiftHistory(),
      clusterDomain: 'cluster.local',
    };
    this.#group = shiftControllers(context);
    this.#running = this.#group.run(this.#stopping.signal);
  }

  /** The daemon is gone; what it measured and did not store with it. */
  async kill(): Promise<void> {
    this.#stopping.abort(new Error('killed'));
    await this.#running;
    const { behaviour } = this.meter;
    this.meter = new PlayedMeter(this.clock);
    this.meter.behaviour = behaviour;
  }

  async stop(): Promise<void> {
    await this.kill();
    this.store.close();
  }

  /** Everything that can happen without time passing, but for the instants that retries and plain steps take. */
  async settle(): Promise<void> {
    for (let round = 0; round < 6; round++) {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      await this.clock.advance(1);
    }
    await this.#group?.whenIdle();
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += SAMPLE_MS) {
      await this.clock.advance(Math.min(SAMPLE_MS, ms - passed));
      await this.settle();
    }
  }

  async apply(...resources: readonly Resource[]): Promise<void> {
    for (const resource of resources) await this.store.apply(resource, { fieldManager: 'tester', force: true });
    await this.settle();
  }

  async shift(name = 'reviews'): Promise<TrafficShift | undefined> {
    return (await this.store.get({ ...SHIFT, namespace: 'default', name })) as TrafficShift | undefined;
  }

  async phase(): Promise<string> {
    const status = (await this.shift())?.status;
    return `${status?.phase} ${status?.step}`;
  }

  async change(change: Partial<TrafficShiftSpec>): Promise<void> {
    const shift = await this.shift();
    if (shift === undefined) throw new Error('there is no shift');
    await this.store.update({ ...shift, spec: { ...shift.spec, ...change } }, { fieldManager: 'tester' });
    await this.settle();
  }

  async virtualService(): Promise<Resource & { readonly spec: VirtualServiceSpec }> {
    const found = await this.store.get({ ...VIRTUAL_SERVICE, namespace: 'default', name: 'reviews' });
    if (found === undefined) throw new Error('there is no VirtualService');
    return found as Resource & { readonly spec: VirtualServiceSpec };
  }

  async weights(): Promise<string> {
    const { spec } = await this.virtualService();
    return (spec.http?.at(-1)?.route ?? [])
      .map(({ destination, weight }) => `${destination.subset}:${weight ?? '-'}`)
      .join(' ');
  }
}

const metadata = (name: string) => ({ name, namespace: 'default' });
const to = (subset: string) => ({ destination: { host: 'reviews', subset } });

/** A service of three versions, all of it to the first, and nobody asked us to write any of it. */
export const REVIEWS: readonly Resource[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata('reviews'),
    spec: { selector: { app: 'reviews' }, ports: [{ port: 9080 }] },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: metadata('reviews'),
    spec: { host: 'reviews', subsets: ['v1', 'v2', 'v3'].map((name) => ({ name, labels: { version: name } })) },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: metadata('reviews'),
    spec: { hosts: ['reviews'], http: [{ timeout: '3s', route: [to('v1')] }] },
  },
];

const GATE = { minRequests: 20, successRate: 99, p99: '250ms' };

export function shiftOf(change: Partial<TrafficShiftSpec> = {}, name = 'reviews'): Resource {
  const spec: TrafficShiftSpec = {
    targetRef: { kind: 'VirtualService', name: 'reviews' },
    versions: [
      { name: 'v1', host: 'reviews', subset: 'v1' },
      { name: 'v3', host: 'reviews', subset: 'v3' },
    ],
    steps: [
      { weights: { v1: 90, v3: 10 }, hold: '10s', gate: GATE },
      { weights: { v1: 50, v3: 50 }, hold: '10s', gate: GATE },
      { weights: { v3: 100 } },
    ],
    ...change,
  };
  return { apiVersion: 'meshwise.dev/v1alpha1', kind: 'TrafficShift', metadata: metadata(name), spec };
}
