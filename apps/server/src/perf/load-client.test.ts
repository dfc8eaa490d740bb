import { ManualClock, silentLogger } from '@meshwise/core';
import type { Capture } from '@meshwise/platform';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { LoadClient } from './load-client.ts';
import type { LoadPodContext } from './load-pod.ts';

/** A mesh in which pods come into being and are never ready. */
function world() {
  const pods = new Map<string, Resource>();
  const store = {
    create: async (resource: Resource) => {
      pods.set(resource.metadata.name, resource);
      return resource;
    },
    get: async ({ name }: { name: string }) => pods.get(name),
    list: async () => ({ items: [...pods.values()], resourceVersion: '1' }),
    delete: async ({ name }: { name: string }) => {
      pods.delete(name);
    },
  } as unknown as LoadPodContext['store'];
  const clock = new ManualClock();
  const context = { store, clock, logger: silentLogger, proxies: () => [], isSynced: () => false };
  return { pods, client: new LoadClient({ ...context, capture: {} as Capture }, 'default') };
}

describe('the pod that load comes from', () => {
  it('goes when the run ends before the pod was ready', async () => {
    const { pods, client } = world();
    const starting = client.sandbox();
    starting.catch(() => {});
    await expect.poll(() => pods.size).toBe(1);
    await client.release();
    await expect(starting).rejects.toThrow('the run has ended');
    expect(pods.size).toBe(0);
  });

  it('is not made any more when the run has ended', async () => {
    const { pods, client } = world();
    await client.release();
    await expect(client.sandbox()).rejects.toThrow('the run has ended');
    expect(pods.size).toBe(0);
  });
});
