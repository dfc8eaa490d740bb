import { type LogFields, type Logger, ManualClock, silentLogger } from '@meshwise/core';
import type { ProxyDescriptor } from '@meshwise/model';
import { expect, test } from 'vitest';
import type { ProxyRegistration } from '../ads/server.ts';
import type { XdsType } from '../types.ts';
import type { ResourceView } from '../view/resource-view.ts';
import { type ControlPlaneOptions, createControlPlane } from './control-plane.ts';
import { TestAuthority } from './testing/authority.ts';
import { clusterName, clusterPlan, endpointPlan, inboundPort, loopbackWorkload, sidecar } from './testing/plans.ts';
import { emptyOutbound, StaticModel } from './testing/static-model.ts';

/** Keeps what an ADS server would be told. */
class RecordedAds implements Pick<ControlPlaneOptions, 'ads'> {
  readonly views = new Map<string, readonly ResourceView[]>();
  readonly registrations: ProxyRegistration[] = [];
  readonly ads: ControlPlaneOptions['ads'] = {
    addProxy: (registration) => {
      this.registrations.push(registration);
      this.views.set(registration.id, registration.views);
    },
    setViews: (id, views) => {
      this.views.set(id, views);
    },
    removeProxy: (id) => {
      this.views.delete(id);
    },
    proxyStatus: () => undefined,
  };

  names(proxy: ProxyDescriptor, type: XdsType): string[] {
    return (this.views.get(proxy.id) ?? []).flatMap((view) => [...view.names(type)]).sort();
  }
}

async function setUp(logger: Logger = silentLogger) {
  const clock = new ManualClock();
  const model = new StaticModel();
  const recorded = new RecordedAds();
  const authority = await TestAuthority.create();
  const controlPlane = createControlPlane({ model, ads: recorded.ads, secrets: authority, clock, logger });
  return { clock, model, recorded, authority, controlPlane };
}

function pod(name: string, index: number): ProxyDescriptor {
  const address = `127.70.1.${index}`;
  return sidecar(loopbackWorkload({ name, podIp: address, programIp: address, tunnelSocketPath: `/run/${name}` }));
}

function withCluster(scope: string, service: string) {
  return {
    ...emptyOutbound(scope),
    clusters: [clusterPlan(service, 80)],
    endpoints: [{ cluster: clusterName(service, 80), endpoints: [endpointPlan('127.70.1.9', 80)] }],
  };
}

test('a proxy has all its views when it has been added', async () => {
  const { model, recorded, authority, controlPlane } = await setUp();
  const proxy = pod('a', 1);
  if (proxy.identity !== undefined) await authority.issue(proxy.identity);
  model.outbounds.set('default', withCluster('default', 'b'));
  model.inbounds.set(
    proxy.id,
    proxy.workloads.map((workload) => ({ workload, ports: [inboundPort(9080)] })),
  );
  controlPlane.setProxy(proxy, { token: 't' });
  expect(recorded.names(proxy, 'CDS')).toEqual([
    'BlackHoleCluster',
    'PassthroughCluster',
    'inbound|9080||',
    'outbound|80||b.default.svc.cluster.local',
    'probe|9080||',
  ]);
  expect(recorded.names(proxy, 'LDS')).toEqual(['127.70.1.1_15002', '127.70.1.1_9080', 'tunnel']);
  expect(recorded.names(proxy, 'SDS')).toEqual(['ROOTCA', 'default']);
  expect(recorded.registrations[0]?.credentials).toEqual({ token: 't' });
});

test('proxies of one scope share its views, and secrets are in the view of one proxy alone', async () => {
  const { model, recorded, authority, controlPlane } = await setUp();
  const [first, second] = [pod('a', 1), pod('b', 2)];
  for (const proxy of [first, second]) {
    if (proxy.identity !== undefined) await authority.issue(proxy.identity);
    controlPlane.setProxy(proxy);
  }
  model.outbounds.set('default', withCluster('default', 'b'));
  controlPlane.publish();
  const [firstViews = [], secondViews = []] = [recorded.views.get(first.id), recorded.views.get(second.id)];
  const shared = firstViews.filter((view) => secondViews.includes(view));
  expect(shared.length).toBe(firstViews.length - 1);
  expect(shared.flatMap((view) => [...view.names('CDS')])).toContain(clusterName('b', 80));
  const secretViews = firstViews.filter((view) => [...view.names('SDS')].length > 0);
  expect(secretViews.map(({ owner }) => owner)).toEqual([first.id]);
  const certificate = (views: readonly ResourceView[]) => views[0]?.get('SDS', 'default')?.version;
  expect(certificate(firstViews)).not.toBe(certificate(secondViews));
});

test('many changes within a moment are one publication', async () => {
  const { clock, model, recorded, controlPlane } = await setUp();
  const proxy = pod('a', 1);
  controlPlane.setProxy(proxy);
  let steps = 0;
  for (const view of recorded.views.get(proxy.id) ?? [])
    view.onChange(() => {
      steps += 1;
    });
  for (const service of ['b', 'c', 'd']) {
    model.outbounds.set('default', withCluster('default', service));
    controlPlane.changed();
    await clock.advance(1);
  }
  expect(recorded.names(proxy, 'EDS')).toEqual([]);
  await clock.advance(10);
  expect(recorded.names(proxy, 'EDS')).toEqual([clusterName('d', 80)]);
  expect(steps).toBe(1);
});

test('a proxy whose scope changes is given the views of the new one', async () => {
  const { model, recorded, controlPlane } = await setUp();
  const [first, second] = [pod('a', 1), pod('b', 2)];
  model.outbounds.set('default', withCluster('default', 'b'));
  model.outbounds.set('narrow', withCluster('narrow', 'c'));
  controlPlane.setProxy(first);
  controlPlane.setProxy(second);
  model.scopes.set(first.id, 'narrow');
  expect(controlPlane.publish()).toBeGreaterThan(0);
  expect(recorded.names(first, 'EDS')).toEqual([clusterName('c', 80)]);
  expect(recorded.names(second, 'EDS')).toEqual([clusterName('b', 80)]);
});

test('nothing is published when nothing changed (001-39)', async () => {
  const { model, authority, controlPlane } = await setUp();
  const proxy = pod('a', 1);
  if (proxy.identity !== undefined) await authority.issue(proxy.identity);
  model.outbounds.set('default', withCluster('default', 'b'));
  controlPlane.setProxy(proxy);
  expect(controlPlane.publish()).toBe(0);
  model.outbounds.set('default', withCluster('default', 'b'));
  expect(controlPlane.publish()).toBe(0);
  controlPlane.setProxy({ ...proxy });
  expect(controlPlane.publish()).toBe(0);
});

test('a rotated certificate is published, and to its own proxies only', async () => {
  const { clock, recorded, authority, controlPlane } = await setUp();
  const [first, second] = [pod('a', 1), pod('b', 2)];
  for (const proxy of [first, second]) {
    if (proxy.identity !== undefined) await authority.issue(proxy.identity);
    controlPlane.setProxy(proxy);
  }
  const versions = () => [first, second].map(({ id }) => recorded.views.get(id)?.[0]?.get('SDS', 'default')?.version);
  const before = versions();
  if (first.identity !== undefined) await authority.issue(first.identity);
  await clock.advance(10);
  expect(versions()[0]).not.toBe(before[0]);
  expect(versions()[1]).toBe(before[1]);
});

test('a proxy without a certificate yet gets it when it is there', async () => {
  const { clock, recorded, authority, controlPlane } = await setUp();
  const proxy = pod('a', 1);
  controlPlane.setProxy(proxy);
  expect(recorded.names(proxy, 'SDS')).toEqual(['ROOTCA']);
  if (proxy.identity !== undefined) await authority.issue(proxy.identity);
  await clock.advance(10);
  expect(recorded.names(proxy, 'SDS')).toEqual(['ROOTCA', 'default']);
});

test('an identity is wanted as long as a proxy has it', async () => {
  const { authority, recorded, model, controlPlane } = await setUp();
  const proxy = pod('a', 1);
  controlPlane.setProxy(proxy);
  controlPlane.setProxy({ ...proxy });
  expect(authority.wanted).toEqual(['spiffe://cluster.local/ns/default/sa/a']);
  controlPlane.removeProxy(proxy.id);
  expect(authority.wanted).toEqual([]);
  expect(recorded.views.size).toBe(0);
  expect(model.proxies()).toEqual([]);
});

test('a plan that cannot be printed leaves the last good one, says so, and harms no other proxy', async () => {
  const errors: (LogFields | undefined)[] = [];
  const logger: Logger = { ...silentLogger, error: (_, fields) => errors.push(fields) };
  const { model, recorded, controlPlane } = await setUp(logger);
  const [first, second] = [pod('a', 1), pod('b', 2)];
  model.outbounds.set('default', withCluster('default', 'b'));
  for (const proxy of [first, second]) controlPlane.setProxy(proxy);
  model.scopes.set(second.id, 'other');
  model.outbounds.set('other', withCluster('other', 'c'));
  const bad = { cluster: clusterName('d', 80), endpoints: [endpointPlan('127.70.1.9', -1)] };
  model.outbounds.set('default', { ...withCluster('default', 'd'), endpoints: [bad] });
  controlPlane.publish();
  expect(errors).toMatchObject([{ scope: 'default' }]);
  expect(recorded.names(first, 'EDS')).toEqual([clusterName('b', 80)]);
  expect(recorded.names(second, 'EDS')).toEqual([clusterName('c', 80)]);
});

test('a closed control plane publishes nothing more', async () => {
  const { clock, model, recorded, authority, controlPlane } = await setUp();
  const proxy = pod('a', 1);
  controlPlane.setProxy(proxy);
  controlPlane.close();
  model.outbounds.set('default', withCluster('default', 'b'));
  controlPlane.changed();
  await clock.advance(100);
  expect(recorded.names(proxy, 'EDS')).toEqual([]);
  expect(authority.wanted).toEqual([]);
});
