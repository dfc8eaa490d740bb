import { expect, test } from 'vitest';
import { bookinfo } from '../../test/fixtures.ts';
import { syncOf, typeSyncOf } from './sync.ts';

const proxies = bookinfo(0).proxies;
const of = (name: string) => proxies.filter((proxy) => proxy.workload === name).map(syncOf);

test('a proxy that refused its configuration is rejected, one that is away is disconnected', () => {
  expect(of('default/reviews-v1')).toEqual(['rejected']);
  expect(of('default/ratings-v1')).toEqual(['disconnected']);
  expect(of('default/details-v1')).toEqual(['synced']);
});

test('what was sent and not yet answered is pending', () => {
  expect(syncOf({ connected: true, synced: false, types: [] })).toBe('pending');
});

test('a rejection that was followed by an acknowledgement is over', () => {
  const lastRejection = { at: '', resources: [], reason: 'bad' };
  const type = { type: 'LDS', resources: 1, sent: '2', acknowledged: '2', synced: true, lastRejection };
  expect(typeSyncOf(type)).toBe('synced');
  expect(syncOf({ connected: true, synced: true, types: [type] })).toBe('synced');
  expect(typeSyncOf({ ...type, synced: false })).toBe('rejected');
  expect(typeSyncOf({ ...type, synced: false, lastRejection: null })).toBe('pending');
});
