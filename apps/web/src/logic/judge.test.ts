import { expect, test } from 'vitest';
import { bookinfo } from '../../test/fixtures.ts';
import { isExpired, judge } from './judge.ts';

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const status = bookinfo(NOW_MS);

test('a proxy with an expired certificate fails although it says that it is healthy', () => {
  const before = status.proxies.find((proxy) => proxy.id === 'sidecar~reviews-v2');
  const after = judge(status).proxies.find((proxy) => proxy.id === 'sidecar~reviews-v2');
  expect(before?.health).toBe('healthy');
  expect(after).toMatchObject({ health: 'failing', reason: 'The certificate expired 3 min ago' });
});

test('every other proxy stays the object it was', () => {
  const judged = judge(status).proxies;
  const changed = status.proxies.filter((proxy, index) => proxy !== judged[index]);
  expect(changed.map((proxy) => proxy.id)).toEqual(['sidecar~reviews-v2']);
});

test('the reason a proxy gave is kept beside the expiry', () => {
  const proxies = status.proxies.map((proxy) => ({ ...proxy, reason: 'Its own reason' }));
  const after = judge({ ...status, proxies }).proxies.find((proxy) => proxy.id === 'sidecar~reviews-v2');
  expect(after?.reason).toBe('The certificate expired 3 min ago. Its own reason');
});

test('a certificate is over at its end and not before, and none cannot be over', () => {
  expect(isExpired(new Date(NOW_MS).toISOString(), NOW_MS)).toBe(true);
  expect(isExpired(new Date(NOW_MS + 1).toISOString(), NOW_MS)).toBe(false);
  expect(isExpired(null, NOW_MS)).toBe(false);
});
