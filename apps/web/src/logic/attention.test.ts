import { expect, test } from 'vitest';
import { bookinfo, empty, REJECTION } from '../../test/fixtures.ts';
import { attention, headline, newProblems } from './attention.ts';
import { healthRank } from './health.ts';
import { judge } from './judge.ts';

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const status = judge(bookinfo(NOW_MS));
const items = attention(status, undefined);

test('whatever fails or is degraded is listed once, worst first', () => {
  const ranks = items.map((item) => healthRank(item.health));
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
  expect(items.map((item) => `${item.kind} ${item.name}`)).toEqual([
    'Gateway shop-gateway',
    'Service ratings',
    'Deployment ratings-v1',
    'Proxy ratings-v1',
    'Proxy reviews-v2',
    'VirtualService reviews',
    'Service reviews',
    'Deployment reviews-v10',
    'Proxy reviews-v1',
    'EnvoyFilter add-header',
  ]);
});

test('nothing healthy, idle, unknown or merely informative is listed', () => {
  expect(items.some((item) => item.name === 'mysqldb' || item.name === 'details' || item.kind === 'Sidecar')).toBe(
    false,
  );
});

test('an expired certificate leads to the certificate', () => {
  expect(items.find((item) => item.name === 'reviews-v2')).toMatchObject({
    health: 'failing',
    reason: 'The certificate expired 3 min ago',
    verb: 'See certificate',
    path: '/proxies',
    open: 'sidecar~reviews-v2',
  });
});

test('a rejected configuration leads to the rejection', () => {
  const proxies = status.proxies.map((proxy) => ({ ...proxy, reason: null }));
  const rejected = attention({ ...status, proxies }, undefined).find((item) => item.name === 'reviews-v1');
  expect(rejected).toMatchObject({ verb: 'See rejection', reason: REJECTION });
});

test('a workload that gives no reason takes that of its pod', () => {
  const workloads = status.workloads.map((workload) => ({ ...workload, reason: null }));
  const found = attention({ ...status, workloads }, undefined).find((item) => item.kind === 'Deployment');
  expect(found?.reason).toBe('CrashLoopBackOff: exited with code 1');
});

test('the scope narrows the list', () => {
  expect(attention(status, ['shop']).map((item) => item.name)).toEqual(['shop-gateway']);
});

test('the headline counts what is not well, and says so when all is', () => {
  expect(headline(status, undefined)).toBe('5 failing, 3 degraded and 2 unknown of 21');
  const well = { ...empty(NOW_MS), services: status.services.filter((service) => service.health === 'healthy') };
  expect(headline(well, undefined)).toBe('All 2 are well');
});

test('only what was not in that state before is news', () => {
  const before = items.filter((item) => item.name !== 'shop-gateway');
  expect(newProblems(before, items).map((item) => item.name)).toEqual(['shop-gateway']);
  expect(newProblems(items, items)).toEqual([]);
  const worse = items.map((item) => (item.health === 'degraded' ? { ...item, health: 'failing' as const } : item));
  expect(newProblems(items, worse)).toHaveLength(4);
});
