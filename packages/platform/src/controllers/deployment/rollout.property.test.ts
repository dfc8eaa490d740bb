import type { WatchEvent } from '@meshwise/resources';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Deployment, POD, type Pod } from '../support/kinds.ts';
import { isActive, isReady } from '../support/pods.ts';
import { TestPlatform, template, workload } from '../testing.ts';
import { resolveFences } from './rolling-update.ts';

type Act =
  | { readonly kind: 'flip'; readonly index: number; readonly ready: boolean }
  | { readonly kind: 'roll'; readonly version: number }
  | { readonly kind: 'scale'; readonly replicas: number }
  | { readonly kind: 'end' };

// Rollouts move when pods become ready, so that happens more often than the opposite.
const mostly = fc.constantFrom(true, true, true, false);

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('flip' as const), index: fc.nat(20), ready: mostly }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('roll' as const), version: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('scale' as const), replicas: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const) }) },
);

/** Every single state of the pods that the controllers passed through, from the store's own log. */
class History {
  readonly #events: WatchEvent[] = [];
  readonly #pods = new Map<string, Pod>();
  readonly #stopping = new AbortController();

  constructor(platform: TestPlatform) {
    this.#follow(platform).catch(() => undefined);
  }

  async #follow({ store }: TestPlatform): Promise<void> {
    const watch = store.watch(POD, { resourceVersion: store.currentVersion(), signal: this.#stopping.signal });
    for await (const event of watch) this.#events.push(event);
  }

  stop(): void {
    this.#stopping.abort(new Error('test is over'));
  }

  /** Replays what happened since the last call. */
  async replay(check: (before: readonly Pod[], after: readonly Pod[]) => void): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (const event of this.#events.splice(0)) {
      if (event.type === 'BOOKMARK') continue;
      const before = [...this.#pods.values()];
      if (event.type === 'DELETED') this.#pods.delete(event.resource.metadata.name);
      else this.#pods.set(event.resource.metadata.name, event.resource as Pod);
      check(before, [...this.#pods.values()]);
    }
  }
}

test('a rollout keeps desired − maxUnavailable pods ready and stays below desired + maxSurge, and it ends', async () => {
  let takenReady = 0;
  const fence = fc.constantFrom<number | string>(0, 1, 2, '25%', '50%');
  const scenario = fc.record({
    maxSurge: fence,
    maxUnavailable: fence,
    replicas: fc.integer({ min: 1, max: 6 }),
    acts: fc.array(act, { minLength: 20, maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ maxSurge, maxUnavailable, replicas, acts }) => {
      const platform = new TestPlatform();
      const history = new History(platform);
      let desired = replicas;
      let version = 1;
      const apply = () =>
        platform.apply(
          workload('Deployment', 'web', {
            replicas: desired,
            strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
            template: template({ app: 'web' }, `meshwise/example:v${version}`),
          }),
        );
      try {
        await apply();
        await platform.runKubelet();
        await history.replay(() => {});
        for (const step of acts) {
          const desiredBefore = desired;
          if (step.kind === 'scale') desired = step.replicas;
          if (step.kind === 'roll') version = step.version;
          if (step.kind === 'flip') await flip(platform, step.index, step.ready);
          else if (step.kind === 'end') await platform.endDeleted();
          else await apply();
          await platform.settle();
          const fences = resolveFences(desired, { maxSurge, maxUnavailable });
          const before = resolveFences(desiredBefore, { maxSurge, maxUnavailable });
          const most = Math.max(desired + fences.maxSurge, desiredBefore + before.maxSurge);
          await history.replay((was, is) => {
            expect(is.filter(isActive).length).toBeLessThanOrEqual(most);
            // Who scales asks for other numbers; a rollout alone has to keep the ones it was given.
            if (step.kind === 'scale' || !readyPodTaken(was, is)) return;
            takenReady++;
            expect(serving(is)).toBeGreaterThanOrEqual(desired - fences.maxUnavailable);
          });
        }
        await platform.runKubelet();
        const deployment = await platform.get<Deployment>('Deployment', 'web');
        expect(deployment?.status).toMatchObject({
          replicas: desired,
          updatedReplicas: desired,
          availableReplicas: desired,
        });
        const images = new Set((await platform.pods()).map((pod) => pod.spec?.containers[0]?.image));
        expect([...images]).toEqual([`meshwise/example:v${version}`]);
      } finally {
        history.stop();
        await platform.stop();
      }
    }),
    { numRuns: 15 },
  );
  // Without this the property could hold because no pod that served was ever taken.
  expect(takenReady).toBeGreaterThan(10);
}, 120_000);

async function flip(platform: TestPlatform, index: number, ready: boolean): Promise<void> {
  const pods = (await platform.pods()).filter((pod) => isActive(pod) && isReady(pod) !== ready);
  const pod = pods[index % Math.max(1, pods.length)];
  if (pod !== undefined) await platform.setReady(pod, ready);
}

const serving = (pods: readonly Pod[]) => pods.filter((pod) => isActive(pod) && isReady(pod)).length;

/** A pod that served was deleted, as opposed to one whose readiness changed. */
function readyPodTaken(before: readonly Pod[], after: readonly Pod[]): boolean {
  return before.some((pod) => {
    if (!isActive(pod) || !isReady(pod)) return false;
    const now = after.find((other) => other.metadata.uid === pod.metadata.uid);
    return now === undefined || !isActive(now);
  });
}
