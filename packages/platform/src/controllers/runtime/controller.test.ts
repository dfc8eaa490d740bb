import { ManualClock, MeshwiseError, silentLogger } from '@meshwise/core';
import { keyOf, type Resource, type ResourceStore } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ControllerGroup } from './controller-group.ts';
import { DONE, type Reconcile, TerminalError } from './reconciler.ts';

const CONFIG_MAP = { group: '', kind: 'ConfigMap' };
const SECRET = { group: '', kind: 'Secret' };

const named = (kind: string, name: string, more: object = {}): Resource => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'default' },
  ...more,
});

let clock: ManualClock;
let store: SqliteResourceStore;
let stopping: AbortController;
let running: Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  store = new SqliteResourceStore({ path: ':memory:', clock, bookmarkIntervalMs: 1e12 });
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort(new Error('test is over'));
  await running;
  store.close();
});

function run(reconcile: Reconcile, over: ResourceStore = store): ControllerGroup {
  const group = new ControllerGroup({ store: over, clock, logger: silentLogger });
  const mapTo = ({ current, previous }: { current?: Resource; previous?: Resource }) => {
    const secret = current ?? previous;
    return secret === undefined ? [] : [{ ...keyOf(secret), ...CONFIG_MAP }];
  };
  group.add({ name: 'example', kind: CONFIG_MAP, watches: [{ kind: SECRET, mapTo }], reconcile, workers: 3 });
  running = group.run(stopping.signal);
  return group;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('reconciles what is there at the start, what changes, and what a related kind concerns', async () => {
  const seen: string[] = [];
  await store.create(named('ConfigMap', 'before'));
  const group = run(async (key) => {
    seen.push(key.name);
    return DONE;
  });
  await group.whenIdle();
  expect(seen).toEqual(['before']);
  await store.create(named('ConfigMap', 'later'));
  await store.create(named('Secret', 'before'));
  await group.whenIdle();
  expect(seen.toSorted()).toEqual(['before', 'before', 'later']);
  await store.delete(keyOf(named('ConfigMap', 'later')));
  await group.whenIdle();
  expect(seen.at(-1)).toBe('later');
});

test('never reconciles one key twice at the same time, and different keys at the same time', async () => {
  const open = new Set<string>();
  let most = 0;
  let clashes = 0;
  const group = run(async (key) => {
    if (open.has(key.name)) clashes++;
    open.add(key.name);
    most = Math.max(most, open.size);
    await turn();
    open.delete(key.name);
    return DONE;
  });
  for (let round = 0; round < 10; round++) {
    for (const name of ['a', 'b'])
      await store.apply(named('ConfigMap', name, { data: { round: `${round}` } }), { fieldManager: 'test' });
    await turn();
  }
  await group.whenIdle();
  expect({ clashes, most }).toEqual({ clashes: 0, most: 2 });
});

test('retries after an error with growing delays, and says so in its health', async () => {
  let attempts = 0;
  const group = run(async () => {
    attempts++;
    if (attempts < 4) throw new Error('not yet');
    return DONE;
  });
  await store.create(named('ConfigMap', 'a'));
  await turn();
  const counts: number[] = [];
  for (const delayMs of [0, 5, 10, 20]) {
    await clock.advance(delayMs);
    await turn();
    counts.push(attempts);
  }
  expect(counts).toEqual([1, 2, 3, 4]);
  await group.whenIdle();
  expect(group.health()[0]?.failing).toEqual([]);
});

test('a failing key is named with its message, and idle waits for it', async () => {
  let idle = false;
  const group = run(async () => {
    throw new MeshwiseError('MW2002', 'somebody else was first');
  });
  await store.create(named('ConfigMap', 'a'));
  group.whenIdle().then(
    () => {
      idle = true;
    },
    () => {},
  );
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(idle).toBe(false);
  expect(group.health()[0]?.failing).toMatchObject([
    { key: '/ConfigMap/default/a', message: 'somebody else was first' },
  ]);
});

test('does not retry a terminal error until the resource changes', async () => {
  let attempts = 0;
  const group = run(async () => {
    attempts++;
    throw new TerminalError('this spec contradicts itself');
  });
  await store.create(named('ConfigMap', 'a'));
  await group.whenIdle();
  await clock.advance(3_600_000);
  await group.whenIdle();
  expect(attempts).toBe(1);
  await store.apply(named('ConfigMap', 'a', { data: { mended: 'yes' } }), { fieldManager: 'test' });
  await group.whenIdle();
  expect(attempts).toBe(2);
});

test('looks again after requeueAfterMs, without counting as busy until then', async () => {
  let looks = 0;
  const group = run(async () => {
    looks++;
    return { requeueAfterMs: 1000 };
  });
  await store.create(named('ConfigMap', 'a'));
  await group.whenIdle();
  await clock.advance(999);
  await group.whenIdle();
  expect(looks).toBe(1);
  await clock.advance(1);
  await group.whenIdle();
  expect(looks).toBe(2);
});

test('lists again when the log no longer reaches back, and learns of deletions it did not see', async () => {
  const removed: string[] = [];
  await store.create(named('ConfigMap', 'a'));
  await store.create(named('ConfigMap', 'b'));
  let broken = false;
  const limping: ResourceStore = new Proxy(store, {
    get(target, name) {
      if (name === 'watch') {
        return async function* watch(kind: typeof CONFIG_MAP, options: Parameters<ResourceStore['watch']>[1]) {
          for await (const event of target.watch(kind, options)) {
            if (!broken) {
              broken = true;
              // The event is lost together with the watch.
              throw new MeshwiseError('MW2003', 'too old');
            }
            yield event;
          }
        };
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const group = run(async (key) => {
    if ((await store.get(key)) === undefined) removed.push(key.name);
    return DONE;
  }, limping);
  await group.whenIdle();
  await store.delete(keyOf(named('ConfigMap', 'a')));
  await group.whenIdle();
  expect({ broken, removed }).toEqual({ broken: true, removed: ['a'] });
});

test('stops: the signal ends workers and watches', async () => {
  const group = run(async () => DONE);
  await group.whenIdle();
  stopping.abort(new Error('stop'));
  await running;
  await store.create(named('ConfigMap', 'late'));
  await turn();
  expect(group.health()).toMatchObject([{ waiting: 0, running: 0 }]);
});
