import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADDRESS_CONDITION } from './service.ts';
import { findCondition } from './support/conditions.ts';
import type { Service } from './support/kinds.ts';
import { serviceNamed, TestPlatform } from './testing.ts';

let platform: TestPlatform;
beforeEach(() => {
  platform = new TestPlatform();
});
afterEach(() => platform.stop());

const ports = [{ port: 80 }];
const addressOf = async (name: string, over = platform) => (await over.get<Service>('Service', name))?.spec?.clusterIP;
const refusalOf = async (name: string) =>
  findCondition((await platform.get<Service>('Service', name))?.status?.conditions, ADDRESS_CONDITION)?.message;

test('every service gets an address of the range, and no two the same', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `service-${index}`);
  for (const name of names) await platform.store.apply(serviceNamed(name, { ports }), { fieldManager: 'test' });
  await platform.settle();
  const addresses = await Promise.all(names.map((name) => addressOf(name)));
  expect(new Set(addresses).size).toBe(40);
  for (const address of addresses) expect(address).toMatch(/^10\.96\.\d+\.\d+$/);
});

test('applying again keeps the address and writes nothing', async () => {
  await platform.apply(serviceNamed('web', { ports }));
  const address = await addressOf('web');
  const before = platform.store.currentVersion();
  await platform.apply(serviceNamed('web', { ports }));
  expect(platform.store.currentVersion()).toBe(before);
  expect(await addressOf('web')).toBe(address);
});

test('headless services and external names get none', async () => {
  await platform.apply(
    serviceNamed('headless', { clusterIP: 'None', ports }),
    serviceNamed('elsewhere', { type: 'ExternalName', externalName: 'example.org' }),
  );
  expect(await addressOf('headless')).toBe('None');
  expect(await addressOf('elsewhere')).toBeUndefined();
});

test('an address that was asked for is kept, and nobody else gets it', async () => {
  await platform.apply(serviceNamed('chosen', { clusterIP: '10.96.1.1', ports }));
  expect(await addressOf('chosen')).toBe('10.96.1.1');
  expect(await refusalOf('chosen')).toBeUndefined();
});

test('an address that is taken or outside the range is refused in words, and granted when it becomes free', async () => {
  await platform.apply(serviceNamed('first', { clusterIP: '10.96.1.1', ports }));
  await platform.clock.advance(2000);
  await platform.apply(serviceNamed('second', { clusterIP: '10.96.1.1', ports }));
  await platform.apply(serviceNamed('outside', { clusterIP: '192.0.2.1', ports }));
  expect(await refusalOf('first')).toBeUndefined();
  expect(await refusalOf('second')).toBe('10.96.1.1 belongs to the service default/first.');
  expect(await refusalOf('outside')).toBe('192.0.2.1 is not in the service range 10.96.0.0/16.');
  await platform.store.delete({ group: '', kind: 'Service', namespace: 'default', name: 'first' });
  await platform.settle();
  expect(await refusalOf('second')).toBeUndefined();
});

test('addresses survive a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'meshwise-service-'));
  try {
    const path = join(directory, 'store.db');
    const first = new TestPlatform(path);
    await first.apply(serviceNamed('web', { ports }), serviceNamed('other', { ports }));
    const before = [await addressOf('web', first), await addressOf('other', first)];
    await first.stop();
    const second = new TestPlatform(path);
    await second.apply(serviceNamed('third', { ports }));
    expect([await addressOf('web', second), await addressOf('other', second)]).toEqual(before);
    expect(before).not.toContain(await addressOf('third', second));
    await second.stop();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
