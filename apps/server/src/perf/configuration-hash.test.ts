import type { Resource } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { expect, it } from 'vitest';
import { configurationHash } from './configuration-hash.ts';

const service = (port: number): Resource => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { ports: [{ port }], selector: { app: 'web' } },
});

it('is of what resources say, and not of when or how often it was said', async () => {
  const [one, other] = [new SqliteResourceStore({ path: ':memory:' }), new SqliteResourceStore({ path: ':memory:' })];
  await one.create(service(80));
  await other.create(service(81));
  const before = await configurationHash(one);
  expect(before).toMatch(/^[0-9a-f]{12}$/);
  expect(await configurationHash(other)).not.toBe(before);
  await other.update(service(80));
  await other.updateStatus({ ...service(80), status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', namespace: 'default' } };
  await other.create({ ...pod, spec: { containers: [{ name: 'web', image: 'web' }] } });
  expect(await configurationHash(other)).toBe(before);
  one.close();
  other.close();
});
