/** The server against a real Envoy, both variants: what is acknowledged is served, what is rejected is not. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { type RunningEnvoy, startEnvoy } from '../control-plane/testing/envoy.ts';
import { envoyPath } from '../testing/envoy-path.ts';
import { bootstrapOf, eventually, freePort, get, portOf, serve } from '../testing/envoy-proxy.ts';
import { cluster, endpointsAt, listenerOn, routesTo } from '../testing/envoy-resources.ts';
import { ResourceView } from '../view/resource-view.ts';
import { type AdsServer, createAdsServer } from './server.ts';

describe.skipIf(envoyPath() === undefined)('a real Envoy', { timeout: 60_000 }, () => {
  let folder: string;
  let ads: AdsServer;
  let view: ResourceView;
  let envoy: RunningEnvoy | undefined;
  let upstreams: Server[];
  let webPort: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ads-envoy-'));
    upstreams = await Promise.all([serve('one'), serve('two')]);
    webPort = await freePort();
    view = new ResourceView({ name: 'mesh' });
    view.update([
      { type: 'CDS', upserts: new Map([['one', cluster('one')]]) },
      { type: 'EDS', upserts: new Map([['one', endpointsAt('one', portOf(upstreams[0] as Server))]]) },
      { type: 'LDS', upserts: new Map([['web', listenerOn(webPort)]]) },
      { type: 'RDS', upserts: new Map([['routes', routesTo('one')]]) },
    ]);
    ads = await control();
  });

  afterEach(async () => {
    await envoy?.stop();
    envoy = undefined;
    await ads.close();
    for (const server of upstreams) server.close();
    rmSync(folder, { recursive: true });
  });

  async function control(): Promise<AdsServer> {
    const server = createAdsServer({ logger: silentLogger, clock: systemClock });
    const socketPath = join(folder, 'ads.sock');
    server.addProxy({ id: 'proxy', views: [view], credentials: { socketPath } });
    await server.listen({ socketPath });
    return server;
  }

  function start(apiType: string): RunningEnvoy {
    const adminSocketPath = join(folder, 'admin.sock');
    const bootstrap = bootstrapOf('proxy', join(folder, 'ads.sock'), adminSocketPath, apiType);
    envoy = startEnvoy({ directory: folder, name: 'proxy', bootstrap, adminSocketPath });
    return envoy;
  }

  const isSynced = () => eventually(() => expect(ads.proxyStatus('proxy')).toMatchObject({ synced: true }));
  const answers = (text: string) => eventually(async () => expect(await get(webPort)).toBe(text));

  it.each(['DELTA_GRPC', 'GRPC'])('over %s serves what it was sent, and follows changes', async (apiType) => {
    start(apiType);
    await answers('200 one');
    await isSynced();
    expect(ads.proxyStatus('proxy')?.client).toBe('envoy/1.40.0');
    // The new cluster and the removal of the old in one step, under requests that must all succeed.
    const results = new Set<string>();
    let isDone = false;
    const traffic = (async () => {
      while (!isDone) results.add(await get(webPort));
    })();
    // The load has begun when it has its first answer: on a fast machine the change may be over before that.
    await eventually(() => expect(results.size).toBe(1));
    view.update([
      { type: 'CDS', upserts: new Map([['two', cluster('two')]]), removals: ['one'] },
      {
        type: 'EDS',
        upserts: new Map([['two', endpointsAt('two', portOf(upstreams[1] as Server))]]),
        removals: ['one'],
      },
      { type: 'RDS', upserts: new Map([['routes', routesTo('two')]]) },
    ]);
    await answers('200 two');
    await isSynced();
    isDone = true;
    await traffic;
    expect([...results].sort()).toEqual(['200 one', '200 two']);
    const clusters = await envoy?.admin('/clusters');
    await eventually(() => expect(clusters).not.toMatch(/^one::/m));
  });

  it.each(['DELTA_GRPC', 'GRPC'])('over %s rejects bad routes, says so, and goes on as before', async (apiType) => {
    start(apiType);
    await answers('200 one');
    await isSynced();
    view.update({ type: 'RDS', upserts: new Map([['routes', routesTo('one', ['*', '*'])]]) });
    await eventually(() => expect(ads.proxyStatus('proxy')?.types.RDS?.lastNack).toBeDefined());
    const nack = ads.proxyStatus('proxy')?.types.RDS?.lastNack;
    expect(nack).toMatchObject({ resources: ['routes'], isOpen: true });
    expect(nack?.message).toMatch(/wildcard domain/);
    expect(await get(webPort)).toBe('200 one');
    view.update({ type: 'RDS', upserts: new Map([['routes', routesTo('one', ['*', 'good.example'])]]) });
    await isSynced();
    expect(ads.proxyStatus('proxy')?.types.RDS?.lastNack?.isOpen).toBe(false);
  });

  it('rejects one bad cluster of two, and gets the good one', async () => {
    start('DELTA_GRPC');
    await isSynced();
    const bad = cluster('bad');
    bad.transportSocket = create(ClusterSchema, { transportSocket: { name: 'no such socket' } }).transportSocket;
    view.update({
      type: 'CDS',
      upserts: new Map([
        ['bad', bad],
        ['two', cluster('two')],
      ]),
    });
    await eventually(() => expect(ads.proxyStatus('proxy')?.types.CDS?.lastNack?.resources).toEqual(['bad']));
    view.update({ type: 'EDS', upserts: new Map([['two', endpointsAt('two', portOf(upstreams[1] as Server))]]) });
    await eventually(async () => expect(await envoy?.admin('/clusters')).toMatch(/^two::127\.0\.0\.1/m));
    expect(await get(webPort)).toBe('200 one');
  });

  it('does not leave a changed cluster cold although its endpoints are the same', async () => {
    start('DELTA_GRPC');
    await answers('200 one');
    await isSynced();
    const before = Number(await envoy?.stat('cluster_manager.cluster_modified'));
    view.update({ type: 'CDS', upserts: new Map([['one', cluster('one', 500)]]) });
    await eventually(async () => {
      expect(await envoy?.stat('cluster_manager.cluster_modified')).toBe(before + 1);
      expect(await envoy?.stat('cluster_manager.warming_clusters')).toBe(0);
    });
    expect(await get(webPort)).toBe('200 one');
    await isSynced();
  });

  it('goes on without the control plane, and gets nothing from the next one when nothing changed', async () => {
    start('DELTA_GRPC');
    await answers('200 one');
    await isSynced();
    await ads.close();
    expect(await get(webPort)).toBe('200 one');
    ads = await control();
    await isSynced();
    expect(ads.counters().responses).toBe(0);
    view.update({
      type: 'EDS',
      upserts: new Map([['one', endpointsAt('one', portOf(upstreams[1] as Server))]]),
    });
    await answers('200 two');
    await isSynced();
    expect(ads.counters().responses).toBe(1);
  });
});
