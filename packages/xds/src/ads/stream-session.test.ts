import { expect, it } from 'vitest';
import { edsCluster, endpoints, listener, secret } from '../testing/messages.ts';
import { ModelClient } from '../testing/model-client.ts';
import { ResourceView } from '../view/resource-view.ts';

function meshView(count: number): ResourceView {
  const view = new ResourceView({ name: 'mesh' });
  const names = Array.from({ length: count }, (_, index) => `cluster-${index}`);
  view.update([
    { type: 'CDS', upserts: new Map(names.map((name) => [name, edsCluster(name)])) },
    { type: 'EDS', upserts: new Map(names.map((name) => [name, endpoints(name)])) },
  ]);
  return view;
}

it('pushes nothing for 1,000 updates that change nothing', () => {
  const view = meshView(20);
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  client.subscribe('EDS', view.names('CDS'));
  client.drain();
  let notified = 0;
  view.onChange(() => {
    notified += 1;
  });
  for (let round = 0; round < 1_000; round += 1) {
    const name = `cluster-${round % 20}`;
    const changed = view.update([
      { type: 'CDS', upserts: new Map([[name, edsCluster(name)]]), removals: ['never there'] },
      { type: 'EDS', upserts: new Map([[name, endpoints(name)]]) },
    ]);
    expect(changed).toBe(0);
    client.pump();
  }
  expect(client.inbox).toEqual([]);
  expect(notified).toBe(0);
});

it('has one response outstanding per type, whatever changes meanwhile', () => {
  const view = meshView(1);
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  for (let revision = 1; revision <= 50; revision += 1) {
    view.update({ type: 'CDS', upserts: new Map([['cluster-0', edsCluster('cluster-0', revision)]]) });
    client.pump();
  }
  expect(client.inbox).toHaveLength(1);
  expect(client.drain()).toHaveLength(2);
});

it('sends only the differences to a client that reconnects with what it has', () => {
  const view = meshView(100);
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  client.drain();
  view.update({ type: 'CDS', upserts: new Map([['cluster-7', edsCluster('cluster-7', 1)]]) });
  client.reconnect();
  expect(client.drain().map(({ resources }) => [...resources.keys()])).toEqual([['cluster-7']]);
  client.reconnect();
  expect(client.inbox).toEqual([]);
  expect(client.session.typeStatuses().CDS).toMatchObject({ pending: false, ackedVersion: expect.any(String) });
});

it('sends the endpoints of a changed cluster again, which the client waits for to warm it', () => {
  const view = meshView(3);
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  client.subscribe('EDS', view.names('CDS'));
  client.drain();
  view.update({ type: 'CDS', upserts: new Map([['cluster-1', edsCluster('cluster-1', 1)]]) });
  client.pump();
  const pushed = client.drain().map(({ type, resources }) => [type, [...resources.keys()]]);
  expect(pushed).toEqual([
    ['CDS', ['cluster-1']],
    ['EDS', ['cluster-1']],
  ]);
});

it('lets a listener go once a type it waits for has been silent for too long', async () => {
  const view = meshView(1);
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  client.subscribe('LDS');
  client.drain();
  view.update([
    { type: 'CDS', upserts: new Map([['cluster-0', edsCluster('cluster-0', 1)]]) },
    { type: 'LDS', upserts: new Map([['l', listener('l', [])]]) },
  ]);
  client.pump();
  expect(client.inbox.map(({ type }) => type)).toEqual(['CDS']);
  await client.clock.advance(20_000);
  expect(client.inbox.map(({ type }) => type)).toEqual(['CDS', 'LDS']);
});

it('does not hold back a listener for endpoint changes that came after it', () => {
  const view = meshView(2);
  const client = new ModelClient('delta', [view]);
  client.subscribe('CDS');
  client.subscribe('EDS', view.names('CDS'));
  client.subscribe('LDS');
  client.drain();
  view.update({ type: 'LDS', upserts: new Map([['l', listener('l', [])]]) });
  view.update({ type: 'EDS', upserts: new Map([['cluster-0', endpoints('cluster-0', 1)]]) });
  client.pump();
  expect(client.inbox.map(({ type }) => type)).toEqual(['EDS', 'LDS']);
});

it('answers a request for a secret that is not there as missing, and reports it', () => {
  const view = new ResourceView({ name: 'own', owner: 'model' });
  view.update({ type: 'SDS', upserts: new Map([['own', secret('own')]]) });
  const client = new ModelClient('delta', [view]);
  client.subscribe('SDS', ['own', "somebody else's"]);
  const [answer] = client.drain();
  expect([...(answer?.resources.keys() ?? [])]).toEqual(['own']);
  expect(answer?.removed).toEqual(["somebody else's"]);
  expect(client.events).toContainEqual({ kind: 'secretRefused', proxy: 'model', names: ["somebody else's"] });
});

it('gives clients with the same subscription at the same position the same bytes', () => {
  const view = meshView(10);
  const parts = view.parts('CDS');
  const wanted = { id: -7, wildcard: true, names: new Set<string>() };
  expect(parts.changes(0, wanted).fields('delta')[0]).toBe(parts.changes(0, wanted).fields('delta')[0]);
});
