import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@meshwise/core';
import { afterEach, describe, expect, it } from 'vitest';
import { configMap, configMaps, dataOf, expectCode, take } from '../contract/fixtures.ts';
import { keyOf } from '../resource.ts';
import { resourceStoreContract } from '../store-contract.ts';
import { SqliteResourceStore, type SqliteResourceStoreOptions } from './store.ts';

const folders: string[] = [];
const stores: SqliteResourceStore[] = [];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'meshwise-store-'));
  folders.push(path);
  return path;
}

function open(options: Partial<SqliteResourceStoreOptions> = {}): SqliteResourceStore {
  const store = new SqliteResourceStore({ path: ':memory:', ...options });
  stores.push(store);
  return store;
}

afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

resourceStoreContract('The SQLite store', async () => {
  const path = mkdtempSync(join(tmpdir(), 'meshwise-store-'));
  const store = new SqliteResourceStore({ path: join(path, 'store.db') });
  return {
    store,
    namespace: 'contract',
    close: () => {
      store.close();
      rmSync(path, { recursive: true });
    },
  };
});

describe('The SQLite store', () => {
  it('keeps its file to its owner', () => {
    const path = join(folder(), 'state', 'store.db');
    open({ path });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
  });

  it('has everything again after it was closed and opened, and counts on', async () => {
    const path = join(folder(), 'store.db');
    const first = new SqliteResourceStore({ path });
    const created = await first.create(configMap('default', { a: '1' }));
    first.close();
    const second = open({ path });
    expect(await second.get(keyOf(created))).toEqual(created);
    const next = await second.create(configMap('default', {}));
    expect(Number(next.metadata.resourceVersion)).toBe(Number(created.metadata.resourceVersion) + 1);
  });

  it('refuses a file that another store has open', () => {
    const path = join(folder(), 'store.db');
    open({ path });
    expect(() => new SqliteResourceStore({ path })).toThrow(/MW2006.*Another process has the store open/);
  });

  it('refuses a path that cannot be opened with MW2006', () => {
    expect(() => new SqliteResourceStore({ path: folder() })).toThrow(/MW2006/);
  });

  it('uses the clock and the uids it is given', async () => {
    const store = open({ clock: new ManualClock(Date.UTC(2030, 0, 2, 3, 4, 5, 678)), newUid: () => 'uid-1' });
    const created = await store.create(configMap('default', {}));
    expect(created.metadata).toMatchObject({ uid: 'uid-1', creationTimestamp: '2030-01-02T03:04:05Z' });
  });

  it('tells a watch from before its log that it is too old', async () => {
    const store = open({ maxEvents: 10 });
    const { resourceVersion } = await store.list(configMaps);
    for (let index = 0; index < 30; index++) await store.create(configMap('default', {}));
    const signal = AbortSignal.timeout(2000);
    await expectCode(
      'MW2003',
      take(() => store.watch(configMaps, { resourceVersion, signal }), 1),
    );
    const ahead = store.watch(configMaps, { resourceVersion: '999999', signal });
    await expectCode(
      'MW2003',
      take(() => ahead, 1),
    );
  });

  it('does not let a quiet kind fall behind while others change', async () => {
    const store = open({ maxEvents: 10 });
    const { resourceVersion } = await store.list(configMaps);
    const seen = take((signal) => store.watch(configMaps, { resourceVersion, signal }), 1);
    await new Promise((resolve) => setImmediate(resolve));
    for (let index = 0; index < 50; index++) {
      await store.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `sa-${index}` } });
    }
    const created = await store.create(configMap('default', {}));
    expect((await seen)[0]?.resource.metadata.name).toBe(created.metadata.name);
  });

  it('says by bookmarks how far an idle watch is', async () => {
    const clock = new ManualClock(0);
    const store = open({ clock, bookmarkIntervalMs: 1000 });
    const { resourceVersion } = await store.list(configMaps);
    const watch = store
      .watch(configMaps, { resourceVersion, signal: AbortSignal.timeout(2000) })
      [Symbol.asyncIterator]();
    const next = watch.next();
    await store.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'other' } });
    await clock.advance(1000);
    expect((await next).value).toEqual({ type: 'BOOKMARK', resourceVersion: '1' });
    await watch.return?.(undefined);
  });

  it('does all writes of a transaction or none', async () => {
    const store = open();
    const good = configMap('default', { a: '1' });
    const owned = await store.apply(configMap('default', { a: '1' }), { fieldManager: 'other' });
    const conflicting = { ...configMap('default', { a: '2' }), metadata: { name: owned.resource.metadata.name } };
    const before = await store.list(configMaps);
    await expectCode(
      'MW2004',
      store.transaction([
        { operation: 'apply', resource: good, options: { fieldManager: 'one' } },
        { operation: 'apply', resource: conflicting, options: { fieldManager: 'one' } },
      ]),
    );
    expect(await store.list(configMaps)).toEqual(before);
    const results = await store.transaction([
      { operation: 'apply', resource: good, options: { fieldManager: 'one' } },
      { operation: 'delete', key: keyOf(owned.resource) },
    ]);
    expect(results.map((result) => result.outcome)).toEqual(['created', 'deleted']);
    expect((await store.list(configMaps)).items.map(dataOf)).toEqual([{ a: '1' }]);
  });

  it('puts a namespaced object without a namespace into default, and a Namespace into none', async () => {
    const store = open();
    const account = await store.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' } });
    expect(account.metadata.namespace).toBe('default');
    const space = await store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', namespace: 'x' } });
    expect(space.metadata.namespace).toBeUndefined();
  });

  it('keeps kinds it has no schema for', async () => {
    const store = open();
    const filter = {
      apiVersion: 'example.dev/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { list: [1, { a: null }] },
    };
    const { resource } = await store.apply(filter, { fieldManager: 'one' });
    expect(resource.spec).toEqual(filter.spec);
    expect((await store.apply(filter, { fieldManager: 'one' })).outcome).toBe('unchanged');
  });

  it('ends its watches when it is closed', async () => {
    const store = new SqliteResourceStore({ path: ':memory:' });
    const seen = take((signal) => store.watch(configMaps, { resourceVersion: '0', signal }), 1);
    await new Promise((resolve) => setImmediate(resolve));
    store.close();
    expect(await seen).toEqual([]);
    await expectCode('MW2006', store.create(configMap('default', {})));
  });
});
