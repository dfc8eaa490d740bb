import { expect, test } from 'vitest';
import { type Connection, freshness, HEARTBEAT_MS } from './freshness.ts';

const NOW_MS = 1_000_000;

function connection(change: Partial<Connection> = {}): Connection {
  return { phase: 'live', heardAtMs: NOW_MS, lastEventId: undefined, ...change };
}

function heardAgo(ageMs: number) {
  return freshness(connection({ heardAtMs: NOW_MS - ageMs }), undefined, NOW_MS);
}

test('a live page says how long ago it last heard', () => {
  expect(heardAgo(2100)).toMatchObject({ tone: 'live', stale: false, label: 'live · 2 s ago' });
});

test('one missed heartbeat is patience, two are late', () => {
  expect(heardAgo(2 * HEARTBEAT_MS).tone).toBe('live');
  expect(heardAgo(2 * HEARTBEAT_MS + 1)).toMatchObject({ tone: 'late', stale: true, label: 'late · 20 s ago' });
});

test('a stream that lives while the proxies are no longer measured is late after two intervals', () => {
  const measuredAgo = (ageMs: number) =>
    freshness(connection(), { measuredAtMs: NOW_MS - ageMs, intervalMs: 5000 }, NOW_MS);
  expect(measuredAgo(11_000).tone).toBe('live');
  expect(measuredAgo(11_001)).toMatchObject({ tone: 'late', stale: true, label: 'rates 11 s old' });
});

test('before the first measurement nothing is late', () => {
  expect(freshness(connection(), { measuredAtMs: undefined, intervalMs: 1 }, NOW_MS).tone).toBe('live');
});

test('while reconnecting the numbers are stale, their age is said, and where the stream resumes', () => {
  const lost = connection({ phase: 'reconnecting', heardAtMs: NOW_MS - 41_000, lastEventId: '1234' });
  const result = freshness(lost, undefined, NOW_MS);
  expect(result).toMatchObject({ tone: 'reconnecting', stale: true, label: 'reconnecting · 41 s ago' });
  expect(result.detail).toContain('resuming from #1234');
});

test('a page that never heard anything claims no age', () => {
  const never = { heardAtMs: undefined };
  expect(freshness(connection({ ...never, phase: 'connecting' }), undefined, NOW_MS).label).toBe('connecting');
  expect(freshness(connection({ ...never, phase: 'reconnecting' }), undefined, NOW_MS).label).toBe('reconnecting');
});

test('paused numbers are stale and say since when', () => {
  const paused = connection({ phase: 'paused', heardAtMs: NOW_MS - 12_000 });
  expect(freshness(paused, undefined, NOW_MS)).toMatchObject({ stale: true, label: 'paused · 12 s ago' });
});
