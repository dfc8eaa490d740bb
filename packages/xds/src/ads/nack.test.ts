import { expect, it } from 'vitest';
import { edsCluster, endpoints, listener, routes } from '../testing/messages.ts';
import { ModelClient } from '../testing/model-client.ts';
import { ResourceView } from '../view/resource-view.ts';
import { namesInMessage } from './nack.ts';

const clusters = (...names: string[]) => new Map(names.map((name) => [name, edsCluster(name)]));

it('finds the names in what Envoy says', () => {
  const names = ['outbound|80||a', 'outbound|80||a-canary', 'out', 'b.default', 'b'];
  const say = (message: string) => namesInMessage(message, names);
  expect(say('Error adding/updating cluster(s) outbound|80||a: no load assignment')).toEqual(['outbound|80||a']);
  expect(say("duplicate cluster 'outbound|80||a-canary'")).toEqual(['outbound|80||a-canary']);
  expect(say('bad cluster b.default. Try again')).toEqual(['b.default']);
  expect(say('bad cluster b.default, b')).toEqual(['b.default', 'b']);
  expect(say('nothing is named outer')).toEqual([]);
});

it('does not send a rejected resource again, but sends what travelled with it', () => {
  const view = new ResourceView({ name: 'mesh' });
  view.update({ type: 'CDS', upserts: clusters('good', 'bad') });
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  const [response] = [client.receive()];
  if (response === undefined) throw new Error('no response');
  client.answer(response, 'Error adding cluster(s) bad: it is bad');
  const again = client.drain();
  expect(again.map(({ resources }) => [...resources.keys()])).toEqual([['good']]);
  const [nack] = client.events.flatMap((event) => (event.kind === 'nacked' ? [event.nack] : []));
  expect(nack).toMatchObject({ type: 'CDS', resources: ['bad'], message: 'Error adding cluster(s) bad: it is bad' });
  expect(client.session.typeStatuses().CDS).toMatchObject({ pending: false, lastNack: { isOpen: true } });

  view.update({ type: 'CDS', upserts: clusters('other') });
  client.pump();
  expect(client.drain().map(({ resources }) => [...resources.keys()])).toEqual([['other']]);
  expect(client.session.typeStatuses().CDS?.lastNack?.isOpen).toBe(true);
});

it('sends a rejected resource again when its content has changed, and then closes the rejection', () => {
  const view = new ResourceView({ name: 'mesh' });
  view.update({ type: 'CDS', upserts: clusters('bad') });
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  const response = client.receive();
  if (response === undefined) throw new Error('no response');
  client.answer(response, 'no');
  expect(client.inbox).toEqual([]);
  view.update({ type: 'CDS', upserts: new Map([['bad', edsCluster('bad', 1)]]) });
  client.pump();
  expect(client.drain()).toHaveLength(1);
  expect(client.session.typeStatuses().CDS?.lastNack?.isOpen).toBe(false);
});

it('finds the rejected resource by halves when the message does not name it', () => {
  const view = new ResourceView({ name: 'mesh' });
  const names = Array.from({ length: 100 }, (_, index) => `cluster-${index}`);
  view.update({ type: 'CDS', upserts: clusters(...names) });
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  let responses = 0;
  for (let next = client.receive(); next !== undefined; next = client.receive()) {
    responses += 1;
    client.answer(next, next.resources.has('cluster-37') ? 'something is wrong' : undefined);
  }
  const nacks = client.events.flatMap((event) => (event.kind === 'nacked' ? [event.nack] : []));
  expect(nacks.at(-1)?.resources).toEqual(['cluster-37']);
  expect(responses).toBeLessThan(2 * Math.ceil(Math.log2(names.length)) + 2);
});

it('keeps a cluster that a rejected route configuration stopped using', () => {
  const view = new ResourceView({ name: 'mesh' });
  view.update([
    { type: 'CDS', upserts: clusters('old') },
    { type: 'EDS', upserts: new Map([['old', endpoints('old')]]) },
    { type: 'LDS', upserts: new Map([['l', listener('l', ['r'])]]) },
    { type: 'RDS', upserts: new Map([['r', routes('r', ['old'])]]) },
  ]);
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  client.subscribe('EDS', ['old']);
  client.subscribe('LDS');
  client.subscribe('RDS', ['r']);
  client.drain();
  view.update([
    { type: 'CDS', upserts: clusters('new'), removals: ['old'] },
    { type: 'RDS', upserts: new Map([['r', routes('r', ['new'], 1)]]) },
  ]);
  client.pump();
  for (let next = client.receive(); next !== undefined; next = client.receive()) {
    client.answer(next, next.type === 'RDS' ? 'route r is bad' : undefined);
  }
  expect([...client.of('CDS').keys()].sort()).toEqual(['new', 'old']);
  view.update({ type: 'RDS', upserts: new Map([['r', routes('r', ['new'], 2)]]) });
  client.pump();
  client.drain();
  expect([...client.of('CDS').keys()]).toEqual(['new']);
});
