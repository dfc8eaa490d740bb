import { fromBinary } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { edsCluster, endpoints, secret } from '../testing/messages.ts';
import { ResourceView } from './resource-view.ts';

it('counts only what really changed', () => {
  const view = new ResourceView({ name: 'v' });
  const both = new Map([
    ['a', edsCluster('a')],
    ['b', edsCluster('b')],
  ]);
  expect(view.update({ type: 'CDS', upserts: both })).toBe(2);
  expect(view.update({ type: 'CDS', upserts: both })).toBe(0);
  expect(view.update({ type: 'CDS', upserts: both, removals: ['a'] })).toBe(0);
  expect(view.replace('CDS', new Map([['b', edsCluster('b', 1)]]))).toBe(2);
  expect([...view.names('CDS')]).toEqual(['b']);
});

it('gives back what was put in', () => {
  const view = new ResourceView({ name: 'v' });
  view.update({ type: 'CDS', upserts: new Map([['a', edsCluster('a', 3)]]) });
  const stored = view.get('CDS', 'a');
  expect(fromBinary(ClusterSchema, stored?.body ?? new Uint8Array())).toEqual(edsCluster('a', 3));
  expect(stored?.warms).toEqual(['a']);
});

it('gives back a large resource of one proxy, of which it keeps no bytes, as it was put in', () => {
  const large = edsCluster('a'.repeat(20_000));
  const views = [new ResourceView({ name: 'shared' }), new ResourceView({ name: 'own', owner: 'p' })];
  for (const view of views) view.update({ type: 'CDS', upserts: new Map([['a', large]]) });
  const [shared, own] = views.map((view) => view.get('CDS', 'a'));
  expect(own?.any).toEqual(shared?.any);
  expect(own?.body).toEqual(shared?.body);
  expect(own?.version).toBe(shared?.version);
  expect(own?.any).not.toBe(own?.any);
  expect(shared?.any).toBe(shared?.any);
});

it('encodes what several views hold once', () => {
  const message = edsCluster('a');
  const views = [new ResourceView({ name: 'v' }), new ResourceView({ name: 'w' })];
  for (const view of views) view.update({ type: 'CDS', upserts: new Map([['a', message]]) });
  expect(views[0]?.get('CDS', 'a')).toBe(views[1]?.get('CDS', 'a'));
});

it('gives equal content the same version in every view', () => {
  const views = [new ResourceView({ name: 'v' }), new ResourceView({ name: 'w' })];
  for (const view of views) view.update({ type: 'CDS', upserts: new Map([['a', edsCluster('a')]]) });
  expect(views[0]?.get('CDS', 'a')?.version).toBe(views[1]?.get('CDS', 'a')?.version);
});

it('holds secrets only when it has an owner', () => {
  const upserts = new Map([['s', secret('s')]]);
  expect(() => new ResourceView({ name: 'shared' }).update({ type: 'SDS', upserts })).toThrow(/MW5003/);
  expect(new ResourceView({ name: 'own', owner: 'p' }).update({ type: 'SDS', upserts })).toBe(1);
});

it('refuses a message of another type and then applies nothing', () => {
  const view = new ResourceView({ name: 'v' });
  const changes = [
    { type: 'CDS', upserts: new Map([['a', edsCluster('a')]]) },
    { type: 'LDS', upserts: new Map([['e', endpoints('e')]]) },
  ] as const;
  expect(() => view.update(changes)).toThrow(/ClusterLoadAssignment/);
  expect([...view.names('CDS')]).toEqual([]);
});

it('forgets tombstones and superseded changes once every reader has passed them', () => {
  const view = new ResourceView({ name: 'v' });
  for (let round = 0; round < 5_000; round += 1) {
    view.update({ type: 'CDS', upserts: new Map([[`c${round}`, edsCluster(`c${round}`)]]) });
    view.update({ type: 'CDS', removals: [`c${round}`] });
  }
  expect(view.log('CDS').tombstones.size).toBeLessThan(200);
});

it('keeps tombstones as long as a reader has not been told', () => {
  const view = new ResourceView({ name: 'v' });
  view.update({ type: 'CDS', upserts: new Map([['kept', edsCluster('kept')]]) });
  const reader = { sentThrough: view.log('CDS').head, removedThrough: view.log('CDS').head };
  view.log('CDS').addReader(reader);
  for (let round = 0; round < 1_000; round += 1) {
    view.update({ type: 'CDS', upserts: new Map([[`c${round}`, edsCluster(`c${round}`)]]) });
    view.update({ type: 'CDS', removals: [`c${round}`] });
  }
  expect(view.log('CDS').tombstones.size).toBe(1_000);
  view.log('CDS').removeReader(reader);
});
