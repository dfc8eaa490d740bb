import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capture, PodSandbox } from '../capture/capture.ts';
import { PROXY_CONTAINER } from '../injection/index.ts';
import type { ControlPlanePort } from '../kubelet/ports.ts';
import { ProcessHost } from '../process/process-host.ts';
import { GatewayPorts } from './gateway-ports.ts';
import { ProxyManager } from './proxy-manager.ts';

let root: string;
let host: ProcessHost;
let control: Recorder;
let manager: ProxyManager;

/** Keeps what proxies were told last; `before` may hold the telling up or let it fail. */
class Recorder implements ControlPlanePort {
  readonly told = new Map<string, ProxyDescriptor>();
  before: () => Promise<void> = async () => {};
  used = new Set<string>();
  unsynced = false;

  async setProxy(proxy: ProxyDescriptor): Promise<void> {
    this.told.set(proxy.id, proxy);
    await this.before();
  }
  async removeProxy(proxyId: string): Promise<void> {
    this.told.delete(proxyId);
  }
  bootstrap(): unknown {
    return {};
  }
  sendsTo(podIp: string): boolean {
    return this.used.has(podIp);
  }
  allSynced(): boolean {
    return !this.unsynced;
  }
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pm-'));
  host = new ProcessHost({ directory: join(root, 'records'), clock: systemClock, mark: { TEST_MARK: root } });
  control = new Recorder();
  const envoyPath = join(root, 'envoy');
  await writeFile(envoyPath, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
  const capture: Pick<Capture, 'gatewayReach' | 'proxy'> = { gatewayReach: 'relay', proxy: async (command) => command };
  manager = new ProxyManager({
    envoyPath,
    runDirectory: root,
    logDirectory: root,
    trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local',
    capture: capture as Capture,
    host,
    control,
    gatewayPorts: new GatewayPorts(join(root, 'ports.json'), 21_080),
    clock: systemClock,
    logger: silentLogger,
  });
});
afterEach(async () => {
  manager.leave();
  for (const handle of host.all()) await host.stop(handle, 0);
  await rm(root, { recursive: true, force: true });
});

function pod(name: string, containers: readonly string[]): Resource {
  const spec = { containers: containers.map((container) => ({ name: container, image: 'x' })) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', uid: name }, spec };
}
function sandbox(name: string, podIp: string): PodSandbox {
  const placement = { capture: 'loopback' as const, podIp, programIp: podIp, tunnelSocketPath: '' };
  return { uid: name, namespace: 'shop', name, placement };
}
const attachOutside = (name: string, podIp = '127.244.0.9') =>
  manager.attach(pod(name, ['app']), sandbox(name, podIp), () => {});
const attachGateway = (name: string) =>
  manager.attach(pod(name, [PROXY_CONTAINER]), sandbox(name, '127.244.0.8'), () => {});
const shared = (...ports: readonly number[]) => ({ shared: ports, own: new Map<string, readonly number[]>() });
const servedByNode = () =>
  [...control.told.values()].find(({ role }) => role === 'node')?.workloads.map((workload) => workload.pod);
const gatewayOf = (name: string) => [...control.told.values()].find(({ id }) => id.includes(name))?.gateway?.ports[80];

describe('the proxy of the pods outside the mesh', () => {
  it('serves pods that came while it was being launched', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    control.before = () => held;
    const first = attachOutside('a');
    const second = attachOutside('b');
    expect(control.told.size).toBeLessThan(2);
    release();
    await Promise.all([first, second]);
    expect(servedByNode()).toEqual(['a', 'b']);
    await manager.detach(pod('a', ['app']));
    expect(servedByNode()).toEqual(['b']);
  });

  it('is launched by the next pod after it could not be launched', async () => {
    control.before = async () => {
      throw new Error('not now');
    };
    await expect(attachOutside('a')).rejects.toThrow('not now');
    control.before = async () => {};
    await attachOutside('b');
    expect(servedByNode()).toEqual(['a', 'b']);
  });
});

describe('the relays of a gateway without rights', () => {
  it('lead to the gateway that took the place of another one', async () => {
    await manager.setGatewayServerPorts(shared(80));
    await attachGateway('gateway-1');
    const before = gatewayOf('gateway-1');
    await attachGateway('gateway-2');
    await manager.detach(pod('gateway-1', [PROXY_CONTAINER]));
    const path = join(root, 'proxies', 'relay-21080', 'gateway.sock');
    expect([before, gatewayOf('gateway-2')]).toEqual([{ socketPath: path }, { socketPath: path }]);
    const bootstrap = await readFile(join(root, 'proxies', 'relay-21080', 'bootstrap.json'), 'utf8');
    expect(bootstrap).toContain(JSON.stringify({ pipe: { path } }));
  });

  it('end when no Gateway asks for their port any more', async () => {
    await manager.setGatewayServerPorts(shared(80));
    await attachGateway('gateway-1');
    const relay = host.get('envoy-relay-21080-e0');
    await manager.setGatewayServerPorts(shared());
    expect(await relay?.exited).toBeDefined();
    expect(gatewayOf('gateway-1')).toBeUndefined();
    await manager.setGatewayServerPorts(shared(80));
    expect(host.get('envoy-relay-21080-e0')).toBeDefined();
  });
});

describe('a gateway of its own (001-77)', () => {
  const label = 'gateway.networking.k8s.io/gateway-name';
  const attachOwn = (name: string) => {
    const { metadata, ...rest } = pod(name, [PROXY_CONTAINER]);
    const own = { ...rest, metadata: { ...metadata, labels: { [label]: name } } };
    return manager.attach(own, sandbox(name, `127.244.1.${name.length}`), () => {});
  };
  const placed = (name: string) => [...control.told.values()].find(({ id }) => id.includes(`${name}.shop`))?.gateway;

  it('has ports of this machine that no other has, and is called inside the mesh at its own address', async () => {
    const own = new Map([
      ['shop/a', [80]],
      ['shop/bb', [80, 9000]],
    ]);
    await manager.setGatewayServerPorts({ shared: [80], own });
    await attachGateway('gateway-1');
    await attachOwn('a');
    await attachOwn('bb');
    const sockets = [gatewayOf('gateway-1'), placed('a')?.ports[80], placed('bb')?.ports[80]];
    expect(new Set(sockets.map((place) => JSON.stringify(place))).size).toBe(3);
    expect(placed('a')?.inside).toEqual({ bindAddress: '127.244.1.1', ports: { 80: 30_080 } });
    expect(placed('bb')?.inside).toEqual({ bindAddress: '127.244.1.2', ports: { 80: 30_080, 9000: 9000 } });
    await manager.setGatewayServerPorts({ shared: [80], own: new Map([['shop/a', [80]]]) });
    expect(placed('bb')?.ports).toEqual({});
    expect(placed('a')?.ports[80]).toEqual(sockets[1]);
  });
});

describe('a pod that is to end', () => {
  it('is unused once no endpoint names it and every proxy knows, or when the time is over', async () => {
    await attachOutside('a', '127.244.0.9');
    control.used.add('127.244.0.9');
    control.unsynced = true;
    let unused = false;
    const waiting = manager.untilUnused(pod('a', ['app']), 30_000).then(() => {
      unused = true;
    });
    await systemClock.sleep(400);
    control.used.clear();
    await systemClock.sleep(400);
    expect(unused).toBe(false);
    control.unsynced = false;
    await waiting;
    control.used.add('127.244.0.9');
    await manager.untilUnused(pod('a', ['app']), 50);
  });
});
