/** Whatever happens to views and subscriptions, in the end a client has exactly what its views show of what it wants. */
import type { Message } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { edsCluster, endpoints, listener, routes } from '../testing/messages.ts';
import { ModelClient } from '../testing/model-client.ts';
import type { XdsType } from '../types.ts';
import { ResourceView } from '../view/resource-view.ts';
import type { Variant } from '../view/shared-parts.ts';

const TYPES = ['CDS', 'EDS', 'LDS', 'RDS'] as const;
const NAMES = ['a', 'b', 'c'];

const make: Record<(typeof TYPES)[number], (name: string, revision: number) => Message> = {
  CDS: edsCluster,
  EDS: endpoints,
  LDS: (name, revision) => listener(name, [], revision),
  RDS: (name, revision) => routes(name, [], revision),
};

const type = fc.constantFrom(...TYPES, 'CDS' as const);
const name = fc.constantFrom(...NAMES);
const names = fc.uniqueArray(fc.constantFrom(...NAMES, 'absent'), { maxLength: 4 });

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('upsert' as const), view: fc.nat(2), type, name, revision: fc.nat(2) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), view: fc.nat(2), type, name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('subscribe' as const), type, names }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('subscribeAll' as const), type, names }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pump' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const), views: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('changeViews' as const), views: fc.nat(4) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function run(variant: Variant, steps: readonly Step[]): Promise<void> {
  const views = [0, 1, 2].map((index) => new ResourceView({ name: `view ${index}` }));
  const [first, second, third] = views as [ResourceView, ResourceView, ResourceView];
  const stacks = [[first], [first, second], [second, first], [third, second], [second]];
  let current = stacks[1] ?? [];
  const client = new ModelClient(variant, current);
  for (const each of steps) {
    switch (each.do) {
      case 'upsert': {
        const upserts = new Map([[each.name, make[each.type](each.name, each.revision)]]);
        views[each.view]?.update({ type: each.type, upserts });
        break;
      }
      case 'remove':
        views[each.view]?.update({ type: each.type, removals: [each.name] });
        break;
      case 'subscribe':
        client.subscribe(each.type, each.names);
        break;
      case 'subscribeAll':
        client.subscribe(each.type, ['*', ...each.names]);
        break;
      case 'pump':
        client.pump();
        break;
      case 'deliver': {
        const response = client.receive();
        if (response !== undefined) client.answer(response);
        break;
      }
      case 'reconnect':
        current = stacks[each.views] ?? current;
        client.reconnect(current);
        break;
      case 'changeViews':
        current = stacks[each.views] ?? current;
        client.changeViews(current);
        break;
    }
  }
  client.pump();
  client.drain();
  // Removals after a reconnect wait a while for types that this client may never ask for.
  for (let left = TYPES.length; left > 0; left -= 1) {
    await client.clock.advance(20_000);
    client.drain();
  }
  for (const each of TYPES) expectExact(client, each, current);
  client.pump();
  expect(client.inbox).toEqual([]);
  for (const status of Object.values(client.session.typeStatuses())) expect(status.pending).toBe(false);
}

function expectExact(client: ModelClient, type: XdsType, views: readonly ResourceView[]): void {
  const wanted = client.names.get(type);
  if (wanted === undefined) return;
  const isAll = client.wantsAll(type);
  const expected = new Map<string, string>();
  for (const view of [...views].reverse()) {
    for (const shown of view.names(type)) {
      if (isAll || wanted.has(shown))
        expected.set(shown, Buffer.from(view.get(type, shown)?.body ?? []).toString('hex'));
    }
  }
  const held = new Map([...client.of(type)].map(([key, { body }]) => [key, Buffer.from(body).toString('hex')]));
  if (client.variant === 'sotw' && (type === 'EDS' || type === 'RDS')) {
    // The state-of-the-world variant has no way to take these away.
    for (const key of held.keys()) if (!expected.has(key)) held.delete(key);
  }
  expect(Object.fromEntries(held), type).toEqual(Object.fromEntries(expected));
}

const RUNS = { numRuns: 1000 };

it('leaves an incremental client with exactly what its views show of what it wants', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => run('delta', steps)),
    RUNS,
  );
});

it('leaves a state-of-the-world client with exactly what its views show of what it wants', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => run('sotw', steps)),
    RUNS,
  );
});
