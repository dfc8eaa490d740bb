import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCondition } from '../support/conditions.ts';
import { ENDPOINT_SLICE, type EndpointSlice, type Pod, type Service } from '../support/kinds.ts';
import { isDeleting } from '../support/ownership.ts';
import { isReady } from '../support/pods.ts';
import { serviceNamed, TestPlatform, template, workload } from '../testing.ts';
import { ENDPOINTS_CONDITION } from './endpoint-slice.ts';

let platform: TestPlatform;
beforeEach(() => {
  platform = new TestPlatform();
});
afterEach(() => platform.stop());

const slicesOf = async (over: TestPlatform) =>
  (await over.store.list(ENDPOINT_SLICE, { namespace: 'default' })).items as readonly EndpointSlice[];
const slices = () => slicesOf(platform);

const service = (spec: object = {}) =>
  serviceNamed('web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec });

const condition = async () => {
  const found = await platform.get<Service>('Service', 'web');
  return findCondition(found?.status?.conditions, ENDPOINTS_CONDITION);
};

test('has one slice with the ready pods, their node and the port that the name stands for (000-31)', async () => {
  await platform.apply(service(), workload('ReplicaSet', 'web', { replicas: 2 }));
  await platform.runKubelet();
  const [slice, ...more] = await slices();
  expect(more).toEqual([]);
  expect(slice?.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]+$/);
  expect(slice?.metadata.labels?.['kubernetes.io/service-name']).toBe('web');
  expect(slice?.metadata.ownerReferences).toMatchObject([{ kind: 'Service', name: 'web', controller: true }]);
  expect(slice?.ports).toEqual([{ name: 'http', protocol: 'TCP', port: 9080 }]);
  const pods = await platform.pods();
  expect(slice?.endpoints).toHaveLength(2);
  expect(slice?.endpoints).toMatchObject(
    pods.map((pod) => ({
      addresses: [pod.status?.podIP],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid },
    })),
  );
  expect(await condition()).toMatchObject({ status: 'True' });
});

test('a service that selects nothing has a slice without endpoints and says so', async () => {
  await platform.apply(service({ ports: [{ port: 80 }] }));
  expect(await slices()).toMatchObject([{ endpoints: [], ports: [{ port: 80 }] }]);
  expect(await condition()).toMatchObject({
    status: 'False',
    reason: 'NoPodSelected',
    message: 'No pod in namespace default has the labels app=web.',
  });
});

test('a pod that is ending serves but is not ready', async () => {
  await platform.apply(service(), workload('ReplicaSet', 'web', { replicas: 1 }));
  await platform.runKubelet();
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 0 }));
  expect((await slices())[0]?.endpoints).toMatchObject([
    { conditions: { ready: false, serving: true, terminating: true } },
  ]);
  await platform.endDeleted();
  await platform.settle();
  expect((await slices())[0]?.endpoints).toEqual([]);
});

test('publishNotReadyAddresses makes every address ready', async () => {
  await platform.apply(service({ publishNotReadyAddresses: true }), workload('ReplicaSet', 'web', { replicas: 1 }));
  await platform.runKubelet();
  const [pod] = await platform.pods();
  if (pod !== undefined) await platform.setReady(pod, false);
  await platform.settle();
  expect((await slices())[0]?.endpoints).toMatchObject([{ conditions: { ready: true, serving: false } }]);
});

test('pods whose named port differs are in slices of their own', async () => {
  const other = template({ app: 'web', version: 'v2' });
  other.spec.containers[0]?.ports.splice(0, 1, { name: 'http', containerPort: 8080 });
  const selector = { matchLabels: { app: 'web', version: 'v2' } };
  await platform.apply(
    service(),
    workload('ReplicaSet', 'one', {
      template: template({ app: 'web', version: 'v1' }),
      selector: { matchLabels: { version: 'v1' } },
    }),
    workload('ReplicaSet', 'two', { template: other, selector }),
  );
  await platform.runKubelet();
  const found = (await slices()).map((slice) => [slice.ports?.[0]?.port, slice.endpoints?.length]);
  expect(found.sort()).toEqual([
    [8080, 1],
    [9080, 1],
  ]);
});

test('leaves the slices of a service without a selector to their author', async () => {
  const { selector: _none, ...spec } = service().spec as { selector: object };
  const own: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-mine', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.0.2.200'] }],
  };
  await platform.apply(serviceNamed('web', spec), own);
  expect((await slices()).map((slice) => slice.metadata.name)).toEqual(['web-mine']);
});

test('more than a hundred endpoints take more than one slice, and shrinking removes what is left over', async () => {
  await platform.apply(service(), workload('ReplicaSet', 'web', { replicas: 101 }));
  await platform.runKubelet();
  expect((await slices()).map((slice) => slice.endpoints?.length).sort()).toEqual([1, 100]);
  await platform.apply(workload('ReplicaSet', 'web', { replicas: 3 }));
  await platform.runKubelet();
  expect((await slices()).map((slice) => slice.endpoints?.length)).toEqual([3]);
});

test('slices go with their service', async () => {
  await platform.apply(service());
  await platform.store.delete({ group: '', kind: 'Service', namespace: 'default', name: 'web' });
  await platform.settle();
  expect(await slices()).toEqual([]);
});

test('settles: looking again writes nothing', async () => {
  await platform.apply(service(), workload('ReplicaSet', 'web', { replicas: 2 }));
  await platform.runKubelet();
  const before = platform.store.currentVersion();
  await platform.apply(service());
  expect(platform.store.currentVersion()).toBe(before);
});

type Act =
  | { readonly kind: 'scale'; readonly replicas: number }
  | { readonly kind: 'pod'; readonly what: 'flip' | 'delete' | 'relabel'; readonly index: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'toggle' };

test('after any sequence of changes the slices are what the pods alone say', async () => {
  const act: fc.Arbitrary<Act> = fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('scale' as const), replicas: fc.nat(5) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('pod' as const),
        what: fc.constantFrom('flip', 'delete', 'relabel'),
        index: fc.nat(9),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('toggle' as const) }) },
  );
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 20 }), async (acts) => {
      const over = new TestPlatform();
      try {
        let selected = 'web';
        await over.apply(service(), workload('ReplicaSet', 'web', { replicas: 3 }));
        await over.runKubelet();
        for (const step of acts) {
          if (step.kind === 'toggle') selected = selected === 'web' ? 'gone' : 'web';
          await perform(over, step, selected);
          // Not every change is given time to be seen before the next one.
          if (step.kind === 'pod' && step.what === 'flip') continue;
          await over.settle();
          const found = (await slicesOf(over)).flatMap((slice) => slice.endpoints ?? []);
          const expected = expectedEndpoints(await over.pods(), selected);
          expect(found.map(summary).sort()).toEqual(expected);
          compared += expected.length;
        }
      } finally {
        await over.stop();
      }
    }),
    { numRuns: 25 },
  );
  expect(compared).toBeGreaterThan(20);
}, 120_000);

async function perform(over: TestPlatform, step: Act, selected: string): Promise<void> {
  if (step.kind === 'scale') return over.apply(workload('ReplicaSet', 'web', { replicas: step.replicas }));
  if (step.kind === 'end') return void (await over.endDeleted());
  if (step.kind === 'toggle') return over.apply(service({ selector: { app: selected } }));
  const pods = await over.pods();
  const pod = pods[step.index % Math.max(1, pods.length)];
  if (pod === undefined) return;
  if (step.what === 'flip') return over.setReady(pod, !isReady(pod));
  const key = { group: '', kind: 'Pod', namespace: 'default', name: pod.metadata.name };
  if (step.what === 'delete') return void (await over.store.delete(key));
  const app = pod.metadata.labels?.['app'] === 'web' ? 'gone' : 'web';
  await over.store.update({ ...pod, metadata: { ...pod.metadata, labels: { app } } });
}

/** The same answer worked out in the plainest way: one line per pod that has an address and the labels. */
function expectedEndpoints(pods: readonly Pod[], selected: string): readonly string[] {
  return pods
    .filter((pod) => pod.metadata.labels?.['app'] === selected && pod.status?.podIP !== undefined)
    .map((pod) => `${pod.status?.podIP} ${isReady(pod) && !isDeleting(pod)} ${isDeleting(pod)}`)
    .sort();
}

function summary(endpoint: NonNullable<EndpointSlice['endpoints']>[number]): string {
  return `${endpoint.addresses[0]} ${endpoint.conditions?.ready} ${endpoint.conditions?.terminating}`;
}
