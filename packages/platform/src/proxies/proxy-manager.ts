import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { GatewayPlacement, ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import type { Capture, PodSandbox } from '../capture/capture.ts';
import { concurrencyOf, PROXY_CONTAINER, readProxyConfig } from '../injection/index.ts';
import { logPath } from '../kubelet/logs.ts';
import type { ControlPlanePort, PodProxies, PodProxy } from '../kubelet/ports.ts';
import type { ProcessHost } from '../process/process-host.ts';
import { EnvoyProcess, type EnvoyProcessState } from './envoy-process.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import { proxyDescriptor, roleOf, servedWorkload } from './proxy-identity.ts';
import { relayBootstrap } from './relay.ts';

export interface ProxyManagerOptions {
  readonly envoyPath: string;
  readonly runDirectory: string;
  readonly logDirectory: string;
  readonly trustDomain: string;
  readonly clusterDomain: string;
  readonly capture: Capture;
  readonly host: ProcessHost;
  readonly control: ControlPlanePort;
  readonly gatewayPorts: GatewayPorts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A proxy that runs, with what the status page asks of it. */
export interface RunningProxy {
  readonly descriptor: ProxyDescriptor;
  /** Pod that the proxy belongs to; undefined for the node proxy. */
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string } | undefined;
  readonly adminSocketPath: string;
  readonly state: EnvoyProcessState;
}

interface Entry {
  descriptor: ProxyDescriptor;
  readonly pod: RunningProxy['pod'];
  readonly adminSocketPath: string;
  readonly adsSocketPath: string;
  readonly envoy: EnvoyProcess;
  ready: boolean;
}

const NODE_KEY = 'node';
/** sun_path holds 108 bytes with its end (unix(7)). */
const MAX_SOCKET_PATH = 107;

/** Starts, registers and ends the proxies of pods: sidecars, gateways, and one for all pods outside the mesh. */
export class ProxyManager implements PodProxies {
  readonly #o: ProxyManagerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #outside = new Map<string, { pod: Resource; sandbox: PodSandbox }>();
  readonly #relays = new Map<number, EnvoyProcess>();
  #nodeReady: Promise<Entry> | undefined;

  constructor(options: ProxyManagerOptions) {
    this.#o = options;
  }

  all(): readonly RunningProxy[] {
    return [...this.#entries.values()].map(({ descriptor, pod, adminSocketPath, envoy }) => ({
      descriptor,
      pod,
      adminSocketPath,
      state: envoy.state,
    }));
  }

  async attach(pod: Resource, sandbox: PodSandbox, onChange: () => void): Promise<PodProxy> {
    if (roleOf(pod) === 'node') return this.#attachOutside(pod, sandbox);
    const key = podKey(pod);
    const gateway = roleOf(pod) === 'gateway' ? await this.#gatewayPlacement(key) : undefined;
    const descriptor = proxyDescriptor(pod, sandbox, { ...this.#o, ...(gateway === undefined ? {} : { gateway }) });
    const { namespace = 'default', name, uid = '' } = pod.metadata;
    const entry = await this.#launch(key, descriptor, {
      pod: { namespace, name, uid },
      logPath: logPath(this.#o.logDirectory, namespace, name, PROXY_CONTAINER, 0),
      concurrency: concurrencyOf(readProxyConfig(pod.metadata.annotations ?? {})) ?? 1,
      onChange,
    });
    // A port that was given while this gateway was on its way was told to all gateways but this one.
    if (gateway !== undefined) await this.#updateGateway(key, entry);
    return this.#podProxy(entry, onChange);
  }

  async detach(pod: Resource): Promise<void> {
    const key = podKey(pod);
    if (this.#outside.delete(key)) return this.#updateNode();
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    await entry.envoy.stop(0);
    await this.#o.control.removeProxy(entry.descriptor.id);
  }

  /** New requests stop once every proxy has acknowledged the endpoints without this pod; a moment more for those on their way. */
  async untilUnused(_pod: Resource, withinMs: number): Promise<void> {
    const { clock, control } = this.#o;
    const untilMs = clock.monotonicMs() + withinMs;
    await clock.sleep(200);
    while (!control.allSynced() && clock.monotonicMs() < untilMs) await clock.sleep(20);
    await clock.sleep(300);
  }

  /** Hot restart of one proxy: no request is lost. */
  async restart(proxyId: string): Promise<void> {
    const entry = [...this.#entries.values()].find(({ descriptor }) => descriptor.id === proxyId);
    if (entry === undefined) throw new MeshwiseError('MW3202', `there is no proxy ${proxyId}`);
    await entry.envoy.restart();
  }

  /** The daemon goes, the proxies stay. One that ends from here on is not started again. */
  leave(): void {
    for (const { envoy } of this.#entries.values()) envoy.leave();
    for (const relay of this.#relays.values()) relay.leave();
  }

  /** Tells gateways of ports that Gateway resources ask for. */
  async setGatewayServerPorts(serverPorts: readonly number[]): Promise<void> {
    if (!(await this.#o.gatewayPorts.ensure(serverPorts))) return;
    for (const [key, entry] of this.#entries) {
      if (entry.descriptor.role === 'gateway') await this.#updateGateway(key, entry);
    }
  }

  async #updateGateway(key: string, entry: Entry): Promise<void> {
    entry.descriptor = { ...entry.descriptor, gateway: await this.#gatewayPlacement(key) };
    await this.#o.control.setProxy(entry.descriptor, entry.adsSocketPath);
  }

  async #attachOutside(pod: Resource, sandbox: PodSandbox): Promise<PodProxy> {
    this.#outside.set(podKey(pod), { pod, sandbox });
    await this.#updateNode();
    const entry = await this.#nodeReady;
    if (entry === undefined) throw new MeshwiseError('MW3202', 'the node proxy did not start');
    return this.#podProxy(entry, () => {});
  }

  async #updateNode(): Promise<void> {
    const descriptor: ProxyDescriptor = {
      id: `node~127.0.0.1~node.meshwise-system~${this.#o.clusterDomain}`,
      role: 'node',
      namespace: 'meshwise-system',
      labels: {},
      workloads: [...this.#outside.values()].map(({ pod, sandbox }) => servedWorkload(pod, sandbox)),
    };
    const known = this.#entries.get(NODE_KEY);
    if (known !== undefined) {
      known.descriptor = descriptor;
      await this.#o.control.setProxy(descriptor, known.adsSocketPath);
      return;
    }
    this.#nodeReady ??= this.#launch(NODE_KEY, descriptor, {
      pod: undefined,
      logPath: join(this.#o.logDirectory, 'node-proxy.log'),
      concurrency: 1,
      onChange: () => {},
    });
    await this.#nodeReady;
  }

  async #launch(
    key: string,
    descriptor: ProxyDescriptor,
    how: { pod: RunningProxy['pod']; logPath: string; concurrency: number; onChange: () => void },
  ): Promise<Entry> {
    const name = shortName(key);
    const directory = join(this.#o.runDirectory, 'proxies', name);
    const adsSocketPath = socketPath(directory, 'ads.sock');
    const adminSocketPath = socketPath(directory, 'admin.sock');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await this.#o.control.setProxy(descriptor, adsSocketPath);
    const envoy = new EnvoyProcess({
      ...this.#o,
      name,
      directory,
      adminSocketPath,
      logPath: how.logPath,
      concurrency: how.concurrency,
      hotRestart: true,
      bootstrap: this.#o.control.bootstrap(descriptor, { adsSocketPath, adminSocketPath }),
      place: (command) => this.#o.capture.proxy(command),
      onChange: how.onChange,
    });
    const entry: Entry = { descriptor, pod: how.pod, adminSocketPath, adsSocketPath, envoy, ready: false };
    this.#entries.set(key, entry);
    await envoy.start();
    return entry;
  }

  #podProxy(entry: Entry, onChange: () => void): PodProxy {
    const { envoy } = entry;
    return {
      get ready() {
        return entry.ready && envoy.state.process === 'running';
      },
      get restarts() {
        return envoy.state.restarts;
      },
      get lastExit() {
        return envoy.state.lastExit;
      },
      async untilReady(withinMs, signal) {
        entry.ready = await envoy.untilReady(withinMs, signal);
        onChange();
        return entry.ready;
      },
    };
  }

  async #gatewayPlacement(key: string): Promise<GatewayPlacement> {
    const { capture, gatewayPorts } = this.#o;
    const serverPorts = Object.entries(gatewayPorts.all).map(([server, host]) => [Number(server), host] as const);
    if (capture.gatewayReach === 'relay') {
      const directory = join(this.#o.runDirectory, 'proxies', shortName(key));
      const ports = serverPorts.map(
        ([server, host]) => [server, { socketPath: socketPath(directory, `g${host}.sock`) }] as const,
      );
      for (const [server, host] of serverPorts) {
        await this.#relay(host, ports.find(([port]) => port === server)?.[1].socketPath ?? '');
      }
      return { bindAddress: '127.0.0.1', ports: Object.fromEntries(ports) };
    }
    return {
      bindAddress: '127.0.0.1',
      ...(capture.gatewayReach === 'namespace' && capture.hostNetworkPath !== undefined
        ? { networkNamespacePath: capture.hostNetworkPath }
        : {}),
      ports: Object.fromEntries(serverPorts.map(([server, host]) => [server, { port: host }])),
    };
  }

  async #relay(port: number, target: string): Promise<void> {
    if (this.#relays.has(port)) return;
    const directory = join(this.#o.runDirectory, 'proxies', `relay-${port}`);
    const envoy = new EnvoyProcess({
      ...this.#o,
      name: `relay-${port}`,
      directory,
      adminSocketPath: socketPath(directory, 'admin.sock'),
      logPath: join(this.#o.logDirectory, `relay-${port}.log`),
      concurrency: 1,
      hotRestart: false,
      bootstrap: relayBootstrap(port, target),
      place: async (command) => command,
      onChange: () => {},
    });
    this.#relays.set(port, envoy);
    await envoy.start();
  }
}

function podKey(pod: Resource): string {
  return pod.metadata.uid ?? `${pod.metadata.namespace}/${pod.metadata.name}`;
}

/** Short, since the paths of Unix sockets are, and the same after a restart of the daemon. */
function shortName(key: string): string {
  return key === NODE_KEY ? NODE_KEY : createHash('sha256').update(key).digest('hex').slice(0, 10);
}

function socketPath(directory: string, name: string): string {
  const path = join(directory, name);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    throw new MeshwiseError('MW3203', `${path} is longer than a socket path can be`, {
      found: `${Buffer.byteLength(path)} bytes`,
      expected: `at most ${MAX_SOCKET_PATH}`,
    });
  }
  return path;
}
