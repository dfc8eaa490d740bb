import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attachedEntry } from './attached-entry.ts';
import { Attachments } from './attachments.ts';

let directory: string;
let store: SqliteResourceStore;
let stop: AbortController;
/** What the control plane serves, and at which socket. */
let served: Map<string, string>;
let failure: Error | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'attach-'));
  store = new SqliteResourceStore({ path: ':memory:' });
  stop = new AbortController();
  served = new Map();
  failure = undefined;
});
afterEach(() => {
  stop.abort(new Error('done'));
  store.close();
  rmSync(directory, { recursive: true });
});

const entryOf = (name: string, kind: 'envoy' | 'grpc' = 'envoy', serviceAccount?: string): Resource =>
  attachedEntry({
    request: { name, kind, ...(serviceAccount === undefined ? {} : { serviceAccount }) },
    namespace: 'shop',
    group: undefined,
    before: undefined,
    taken: new Set(),
  });
const apply = (entry: Resource) => store.apply(entry, { fieldManager: 'test', force: true });

function attachments(mode: 'netns' | 'loopback' = 'loopback'): Attachments {
  const control = {
    attach: async ({ id }: ProxyDescriptor, socketPath: string) => {
      if (failure !== undefined) throw failure;
      served.set(id, socketPath);
    },
    removeProxy: async (id: string) => void served.delete(id),
  };
  const names = { trustDomain: 'cluster.local', clusterDomain: 'cluster.local' };
  const common = { clock: systemClock, logger: silentLogger, runDirectory: directory };
  return new Attachments({ store, control, capture: { mode }, ...names, ...common });
}

describe('processes that join from outside', () => {
  test('are served as long as their WorkloadEntries are there, each at a socket of its own', async () => {
    const all = attachments();
    await all.follow(stop.signal);
    for (const name of ['one', 'two']) await apply(entryOf(name, name === 'one' ? 'envoy' : 'grpc'));
    const one = await all.served(entryOf('one'));
    const two = await all.served(entryOf('two', 'grpc'));
    expect(new Set(served.values())).toEqual(new Set([one.adsSocketPath, two.adsSocketPath]));
    expect(all.envoys().map(({ pod }) => pod?.name)).toEqual(['one']);
    await store.delete({ group: 'networking.istio.io', kind: 'WorkloadEntry', namespace: 'shop', name: 'one' });
    await expect.poll(() => [...served.keys()]).toEqual([two.descriptor.id]);
    expect(all.all()).toHaveLength(1);
  });

  test('are found again by the next daemon, at the same sockets', async () => {
    await apply(entryOf('one'));
    const first = attachments();
    await first.follow(stop.signal);
    const [before] = first.all();
    expect(before).toBeDefined();
    const next = attachments();
    await next.follow(stop.signal);
    expect(next.all()).toEqual([before]);
  });

  test('with another identity are other processes: what had the old one has to ask anew', async () => {
    const all = attachments();
    await all.follow(stop.signal);
    await apply(entryOf('one'));
    await all.served(entryOf('one'));
    await apply(entryOf('one', 'envoy', 'other'));
    const after = await all.served(entryOf('one', 'envoy', 'other'));
    expect(after.descriptor.identity?.serviceAccount).toBe('other');
    expect(all.all()).toHaveLength(1);
  });

  test('that cannot be served say why, and may be tried again', async () => {
    const all = attachments();
    await all.follow(stop.signal);
    failure = new Error('no room for a socket');
    await apply(entryOf('one'));
    await expect(all.served(entryOf('one'))).rejects.toThrow('no room for a socket');
    failure = undefined;
    expect(await all.served(entryOf('one'))).toMatchObject({ kind: 'envoy' });
  });

  test('are told where pods have a network of their own', async () => {
    await apply(entryOf('one'));
    const textOf = async (mode: 'netns' | 'loopback') => {
      const all = attachments(mode);
      await all.follow(stop.signal);
      return [...all.residues().values()].flat().map(({ message }) => message);
    };
    expect(await textOf('netns')).toEqual([expect.stringContaining("in the mesh's own network")]);
    expect(await textOf('loopback')).toEqual([]);
  });
});
