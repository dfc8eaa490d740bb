import type { Resource } from '@meshwise/resources';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pod } from './support/kinds.ts';
import { namespaceNamed, TestPlatform, template, workload } from './testing.ts';

let platform: TestPlatform;
beforeEach(() => {
  platform = new TestPlatform();
});
afterEach(() => platform.stop());

const bare: Resource = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'bare', namespace: 'default', labels: { app: 'bare' } },
  spec: template({}).spec,
};
const containers = (pod: Pod | undefined) => pod?.spec?.containers.map(({ name }) => name);

test('a bare pod is admitted once, and applying it again changes nothing', async () => {
  await platform.apply(namespaceNamed('default', { 'istio-injection': 'enabled' }), bare);
  const pod = await platform.get<Pod>('Pod', 'bare');
  expect(containers(pod)).toEqual(['main', 'istio-proxy']);
  expect(pod?.metadata.finalizers).toEqual(['meshwise.dev/kubelet']);
  const before = platform.store.currentVersion();
  await platform.apply(bare);
  expect(platform.store.currentVersion()).toBe(before);
});

test('pods of controllers are born with their sidecar', async () => {
  await platform.apply(namespaceNamed('default', { 'istio-injection': 'enabled' }), workload('ReplicaSet', 'web', {}));
  const [pod] = await platform.pods();
  expect(containers(pod)).toEqual(['main', 'istio-proxy']);
  // Created whole: nothing but the status has been written since.
  expect(pod?.metadata.generation).toBe(1);
});

test('without a label there is no sidecar', async () => {
  await platform.apply(namespaceNamed('default'), workload('ReplicaSet', 'web', {}));
  expect(containers((await platform.pods())[0])).toEqual(['main']);
});
