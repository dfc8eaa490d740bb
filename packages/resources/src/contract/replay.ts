import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, type Resource } from '../resource.ts';
import type { Subject } from '../store-contract.ts';
import { configMaps, freshName, take } from './fixtures.ts';

const step = fc.record({
  action: fc.constantFrom('apply', 'update', 'delete'),
  object: fc.integer({ min: 0, max: 3 }),
  value: fc.integer({ min: 0, max: 2 }),
  manager: fc.constantFrom('one', 'two'),
});

export function replayContract(subject: Subject): void {
  describe('list and watch', () => {
    it('replay to the state after any sequence of writes, from any point of it', async () => {
      const { store, namespace } = subject();
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(25), async (steps, listAfter) => {
          const run = freshName('replay');
          const named = (index: number, value: number): Resource => ({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: `${run}-${index}`, namespace, labels: { run } },
            data: { value: String(value) },
          });
          const options = { namespace, labelSelector: `run=${run}` };
          let list = await store.list(configMaps, options);
          for (const [index, { action, object, value, manager }] of steps.entries()) {
            if (index === listAfter) list = await store.list(configMaps, options);
            const resource = named(object, value);
            if (action === 'apply') await store.apply(resource, { fieldManager: manager, force: true });
            else if (action === 'delete') await store.delete(keyOf(resource));
            else if ((await store.get(keyOf(resource))) !== undefined) await store.update(resource);
          }
          const marker = await store.create({
            ...named(9, 0),
            metadata: { name: `${run}-end`, namespace, labels: { run } },
          });
          const state = new Map(list.items.map((item) => [item.metadata.name, item]));
          const { resourceVersion } = list;
          await take(async function* (signal) {
            for await (const event of store.watch(configMaps, { ...options, resourceVersion, signal })) {
              if (event.type === 'BOOKMARK') continue;
              if (event.type === 'DELETED') state.delete(event.resource.metadata.name);
              else state.set(event.resource.metadata.name, event.resource);
              if (event.resource.metadata.name === marker.metadata.name) return yield event;
            }
          }, 1);
          const now = await store.list(configMaps, options);
          const byName = (a: Resource, b: Resource) => a.metadata.name.localeCompare(b.metadata.name);
          expect([...state.values()].sort(byName)).toEqual([...now.items].sort(byName));
        }),
        { numRuns: 30 },
      );
    });
  });
}
