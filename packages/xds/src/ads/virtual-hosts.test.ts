/** Virtual hosts as resources of their own, on a real Envoy: what changes travels alone, and nothing is lost on the way. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { type RunningEnvoy, startEnvoy } from '../control-plane/testing/envoy.ts';
import { ADS } from '../envoy/resource.ts';
import { envoyPath } from '../testing/envoy-path.ts';
import { bootstrapOf, eventually, freePort, get, portOf, serve } from '../testing/envoy-proxy.ts';
import { cluster, endpointsAt, listenerOn } from '../testing/envoy-resources.ts';
import { ResourceView } from '../view/resource-view.ts';
import { type AdsServer, createAdsServer } from './server.ts';
import type { AdsEvent } from './status.ts';

const routes = (name: string, vhds = true) =>
  create(RouteConfigurationSchema, { name, ...(vhds ? { vhds: { configSource: ADS } } : {}) });

const host = (name: string, domain: string, to: string) =>
  create(VirtualHostSchema, {
    name,
    domains: [domain],
    routes: [
      {
        match: { pathSpecifier: { case: 'prefix', value: '/' } },
        action: { case: 'route', value: { clusterSpecifier: { case: 'cluster', value: to } } },
      },
    ],
  });

const many = (count: number) =>
  new Map(
    Array.from({ length: count }, (_, index) => [
      `routes/h${index}`,
      host(`routes/h${index}`, `h${index}.test`, 'one'),
    ]),
  );

describe.skipIf(envoyPath() === undefined)('virtual hosts on a real Envoy', { timeout: 60_000 }, () => {
  let folder: string;
  let ads: AdsServer;
  let view: ResourceView;
  let envoys: RunningEnvoy[];
  let upstreams: Server[];
  let webPort: number;
  let sent: AdsEvent[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ads-vhds-'));
    upstreams = await Promise.all([serve('one'), serve('two')]);
    webPort = await freePort();
    envoys = [];
    view = new ResourceView({ name: 'mesh' });
    view.update([
      { type: 'CDS', upserts: new Map(['one', 'two'].map((name) => [name, cluster(name)])) },
      {
        type: 'EDS',
        upserts: new Map(['one', 'two'].map((name, i) => [name, endpointsAt(name, portOf(upstreams[i] as Server))])),
      },
      { type: 'LDS', upserts: new Map([['web', listenerOn(webPort)]]) },
      { type: 'RDS', upserts: new Map([['routes', routes('routes')]]) },
      { type: 'VHDS', upserts: many(3) },
    ]);
    ads = await control();
  });

  afterEach(async () => {
    for (const envoy of envoys) await envoy.stop();
    await ads.close();
    for (const server of upstreams) server.close();
    rmSync(folder, { recursive: true });
  });

  async function control(): Promise<AdsServer> {
    const server = createAdsServer({ logger: silentLogger, clock: systemClock });
    const socketPath = join(folder, 'ads.sock');
    server.addProxy({ id: 'proxy', views: [view], credentials: { socketPath } });
    await server.listen({ socketPath });
    sent = [];
    server.onEvent((event) => event.kind === 'sent' && sent.push(event));
    return server;
  }

  function start(apiType = 'DELTA_GRPC', hotRestart?: { baseId: number; epoch: number }): RunningEnvoy {
    const adminSocketPath = join(folder, 'admin.sock');
    const bootstrap = bootstrapOf('proxy', join(folder, 'ads.sock'), adminSocketPath, apiType);
    const envoy = startEnvoy({ directory: folder, name: 'proxy', bootstrap, adminSocketPath, hotRestart });
    envoys.push(envoy);
    return envoy;
  }

  const isSynced = () => eventually(() => expect(ads.proxyStatus('proxy')).toMatchObject({ synced: true }));
  const answers = (domain: string, text: string) =>
    eventually(async () => expect(await get(webPort, domain)).toMatch(text));
  const change = (name: string, domain: string, to: string) =>
    view.update({ type: 'VHDS', upserts: new Map([[name, host(name, domain, to)]]) });
  const sentTypes = () => sent.map((event) => ('type' in event ? event.type : ''));

  /** Requests to one host, one after the other, until told to stop; the different answers. */
  function traffic(domain: string): () => Promise<string[]> {
    const seen = new Set<string>();
    let isDone = false;
    const loop = (async () => {
      while (!isDone) seen.add(await get(webPort, domain).catch((error: Error) => error.message));
    })();
    return async () => {
      isDone = true;
      await loop;
      return [...seen].sort();
    };
  }

  it('come at the start, and then one at a time: changed, added, taken away', async () => {
    start();
    await answers('h2.test', '200 one');
    await isSynced();
    const before = ads.counters();
    change('routes/h1', 'h1.test', 'two');
    await answers('h1.test', '200 two');
    change('routes/new', 'new.test', 'two');
    await answers('new.test', '200 two');
    view.update({ type: 'VHDS', removals: ['routes/h0'] });
    await answers('h0.test', '404');
    expect(await get(webPort, 'h2.test')).toBe('200 one');
    expect(ads.counters().responses - before.responses).toBe(3);
    expect(ads.counters().responseBytes - before.responseBytes).toBeLessThan(1_000);
    await isSynced();
  });

  it('trade a domain in one step, and no request finds it without an owner', async () => {
    start();
    await answers('h0.test', '200 one');
    const stop = traffic('h0.test');
    for (let round = 0; round < 20; round += 1) {
      const [from, to] = round % 2 === 0 ? ['h0', 'heir'] : ['heir', 'h0'];
      view.update({
        type: 'VHDS',
        upserts: new Map([[`routes/${to}`, host(`routes/${to}`, 'h0.test', round % 2 === 0 ? 'two' : 'one')]]),
        removals: [`routes/${from}`],
      });
      await answers('h0.test', round % 2 === 0 ? '200 two' : '200 one');
    }
    expect(await stop()).toEqual(['200 one', '200 two']);
    expect(ads.counters().nacks).toBe(0);
  });

  it('stay in force when one of them is rejected, which alone is named', async () => {
    start();
    await isSynced();
    const bad = host('routes/bad', 'bad.test', 'one');
    bad.domains.push('bad.test');
    view.update({
      type: 'VHDS',
      upserts: new Map([
        ['routes/bad', bad],
        ['routes/h1', host('routes/h1', 'h1.test', 'two')],
        ['routes/h2', host('routes/h2', 'h2.test', 'two')],
      ]),
    });
    await answers('h1.test', '200 two');
    await answers('h2.test', '200 two');
    const nack = () => ads.proxyStatus('proxy')?.types.VHDS?.lastNack;
    await eventually(() => expect(nack()).toMatchObject({ resources: ['routes/bad'], isOpen: true }));
    change('routes/bad', 'bad.test', 'two');
    await answers('bad.test', '200 two');
    expect(nack()?.isOpen).toBe(false);
  });

  it('come with a listener that is added later, changed under load, taken away and added again', async () => {
    start();
    await isSynced();
    const otherPort = await freePort();
    const other = listenerOn(otherPort, 'other', 'other/routes');
    const add = () =>
      view.update([
        { type: 'LDS', upserts: new Map([['other', other]]) },
        { type: 'RDS', upserts: new Map([['other/routes', routes('other/routes')]]) },
        { type: 'VHDS', upserts: new Map([['other/routes/x', host('other/routes/x', 'x.test', 'two')]]) },
      ]);
    for (let round = 0; round < 3; round += 1) {
      add();
      await eventually(async () => expect(await get(otherPort, 'x.test')).toBe('200 two'));
      await isSynced();
      view.update([
        { type: 'LDS', removals: ['other'] },
        { type: 'RDS', removals: ['other/routes'] },
        { type: 'VHDS', removals: ['other/routes/x'] },
      ]);
      await eventually(async () => expect(await get(otherPort, 'x.test').catch(() => 'closed')).toBe('closed'));
      await isSynced();
    }
    const stop = traffic('h0.test');
    for (let revision = 1; revision < 5; revision += 1) {
      view.update({ type: 'LDS', upserts: new Map([['web', listenerOn(webPort, 'web', 'routes', `r${revision}`)]]) });
      await isSynced();
    }
    expect(await stop()).toEqual(['200 one']);
  });

  it('are sent again with a route configuration that Envoy has let go of meanwhile', async () => {
    start();
    await isSynced();
    const port = await freePort();
    // Everything of these routes stays in the view; only Envoy stops and starts to want them.
    const unused = [
      { type: 'RDS', upserts: new Map([['later', routes('later')]]) },
      { type: 'VHDS', upserts: new Map([['later/x', host('later/x', 'x.test', 'one')]]) },
    ] as const;
    view.update(unused);
    await isSynced();
    for (let round = 0; round < 2; round += 1) {
      view.update({ type: 'LDS', upserts: new Map([['later', listenerOn(port, 'later', 'later')]]) });
      await eventually(async () => expect(await get(port, 'x.test')).toBe('200 one'));
      view.update({ type: 'LDS', removals: ['later'] });
      await eventually(async () => expect(await get(port, 'x.test').catch(() => 'closed')).toBe('closed'));
    }
  });

  it('are not sent again by the next control plane, which sends what changed meanwhile', async () => {
    start();
    await answers('h0.test', '200 one');
    await isSynced();
    const stop = traffic('h0.test');
    await ads.close();
    ads = await control();
    await isSynced();
    expect(sentTypes()).toEqual([]);
    await ads.close();
    view.update({
      type: 'VHDS',
      upserts: new Map([['routes/h1', host('routes/h1', 'h1.test', 'two')]]),
      removals: ['routes/h2'],
    });
    ads = await control();
    await answers('h1.test', '200 two');
    await answers('h2.test', '404');
    expect(sentTypes()).toEqual(['VHDS']);
    expect(ads.counters().responseBytes).toBeLessThan(500);
    expect(await stop()).toEqual(['200 one']);
  });

  it('pass from one process to the next at a hot restart', async () => {
    const baseId = 20_000 + (process.pid % 10_000);
    const first = start('DELTA_GRPC', { baseId, epoch: 0 });
    await answers('h0.test', '200 one');
    const stop = traffic('h0.test');
    start('DELTA_GRPC', { baseId, epoch: 1 });
    await eventually(() => expect(first.exited).toBe(true));
    change('routes/h1', 'h1.test', 'two');
    await answers('h1.test', '200 two');
    expect(await stop()).toEqual(['200 one']);
    for (const envoy of envoys) await envoy.stop();
    rmSync(`/dev/shm/envoy_shared_memory_${baseId * 10}`, { force: true });
  });

  it('are inside the route configuration for a state-of-the-world client, also after changes', async () => {
    start('GRPC');
    await answers('h0.test', '200 one');
    change('routes/h1', 'h1.test', 'two');
    view.update({ type: 'VHDS', removals: ['routes/h0'] });
    await answers('h1.test', '200 two');
    await answers('h0.test', '404');
    view.update({ type: 'RDS', upserts: new Map([['routes', routes('routes', false)]]) });
    await answers('h1.test', '404');
    await isSynced();
    expect(ads.counters().nacks).toBe(0);
  });
});
