import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MeshwiseError } from '@meshwise/core';
import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import type { PodSandbox } from '../capture/capture.ts';
import { GATEWAY_NAME_LABEL } from '../controllers/gateway/gateway-kinds.ts';
import { concurrencyOf, configOfPod, PROXY_CONTAINER } from '../injection/index.ts';
import { logPath } from '../kubelet/logs.ts';
import type { ControlPlanePort, PodProxies, PodProxy } from '../kubelet/ports.ts';
import { EnvoyProcess, type EnvoyProcessState } from './envoy-process.ts';
import {
  type AskedPorts,
  type GatewayPlace,
  GatewayPlacements,
  type GatewayPlacementsOptions,
} from './gateway-placements.ts';
import { HotRestartVersions } from './hot-restart-version.ts';
import { proxyEnvironment } from './proxy-environment.ts';
import { listeningSockets, proxyDescriptor, roleOf, servedWorkload } from './proxy-identity.ts';
import { socketPath } from './socket-path.ts';

export interface ProxyManagerOptions extends GatewayPlacementsOptions {
  readonly trustDomain: string;
  readonly clusterDomain: string;
  readonly control: ControlPlanePort;
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
  /** Of a gateway that does not share the ports of this machine. */
  readonly place: GatewayPlace | undefined;
}

const NODE_KEY = 'node';

/** Istio's label for gateways by which traffic leaves the mesh: nobody outside of it calls them. */
const EGRESS_LABEL = { key: 'istio', value: 'egressgateway' } as const;

/** Starts, registers and ends the proxies of pods: sidecars, gateways, and one for all pods outside the mesh. */
export class ProxyManager implements PodProxies {
  readonly #o: ProxyManagerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #outside = new Map<string, { pod: Resource; sandbox: PodSandbox }>();
  readonly #gateways: GatewayPlacements;
  readonly #versions = new HotRestartVersions();
  #nodeReady: Promise<Entry> | undefined;

  constructor(options: ProxyManagerOptions) {
    this.#o = options;
    this.#gateways = new GatewayPlacements(options);
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
    const place = placeOf(pod, sandbox);
    const gateway = roleOf(pod) === 'gateway' ? await this.#gateways.placementOf(place) : undefined;
    const descriptor = proxyDescriptor(pod, sandbox, { ...this.#o, ...(gateway === undefined ? {} : { gateway }) });
    const { namespace = 'default', name, uid = '' } = pod.metadata;
    const entry = await this.#launch(key, descriptor, {
      pod: { namespace, name, uid },
      logPath: logPath(this.#o.logDirectory, namespace, name, PROXY_CONTAINER, 0),
      concurrency: concurrencyOf(configOfPod(pod)) ?? 1,
      environment: proxyEnvironment(descriptor, configOfPod(pod)),
      onChange,
      place,
    });
    // A port that was given while this gateway was on its way was told to all gateways but this one.
    if (gateway !== undefined) await this.#updateGateway(entry);
    return this.#podProxy(entry);
  }

  async detach(pod: Resource): Promise<void> {
    const key = podKey(pod);
    if (this.#outside.delete(key)) return this.#updateNode();
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#endAdopted(key);
    this.#entries.delete(key);
    await entry.envoy.stop();
    await this.#o.control.removeProxy(entry.descriptor.id);
  }

  /** Proxies of an earlier daemon whose pod this one never attached: it had ended, or could not be set up. */
  async #endAdopted(key: string): Promise<void> {
    const { host } = this.#o;
    const mine = host.all().filter(({ id }) => id.startsWith(`envoy-${shortName(key)}-`));
    await Promise.all(mine.map((handle) => host.stop(handle, 2_000)));
  }

  /**
   * New requests stop once no proxy's endpoints contain this pod and every proxy has acknowledged that; a moment more for those
   * on their way.
   */
  async untilUnused(pod: Resource, withinMs: number): Promise<void> {
    const { clock, control } = this.#o;
    const untilMs = clock.monotonicMs() + withinMs;
    const podIp = this.#podIp(pod);
    const inUse = () => podIp !== undefined && control.sendsTo(podIp);
    while (inUse() && clock.monotonicMs() < untilMs) await clock.sleep(20);
    while (!control.allSynced() && clock.monotonicMs() < untilMs) await clock.sleep(20);
    await clock.sleep(300);
  }

  #podIp(pod: Resource): string | undefined {
    const key = podKey(pod);
    const own = this.#entries.get(key)?.descriptor.workloads[0]?.placement;
    return (own ?? this.#outside.get(key)?.sandbox.placement)?.podIp;
  }

  /** Puts a new process of the Envoy that is configured now into the place of one that runs: no request is lost. */
  async restart(proxyId: string): Promise<void> {
    const entry = [...this.#entries.values()].find(({ descriptor }) => descriptor.id === proxyId);
    if (entry === undefined) throw new MeshwiseError('MW3202', `there is no proxy ${proxyId}`);
    await entry.envoy.restart();
  }

  /** The daemon goes, the proxies stay. One that ends from here on is not started again. */
  leave(): void {
    for (const { envoy } of this.#entries.values()) envoy.leave();
    this.#gateways.leave();
  }

  /** Tells gateways of ports that Gateway resources ask for. */
  async setGatewayServerPorts(asked: AskedPorts): Promise<void> {
    if (!(await this.#gateways.ask(asked))) return;
    for (const entry of this.#entries.values()) {
      if (entry.descriptor.role === 'gateway') await this.#updateGateway(entry);
    }
    await this.#gateways.tidy();
  }

  async #updateGateway(entry: Entry): Promise<void> {
    await this.#describe(entry, { ...entry.descriptor, gateway: await this.#gateways.placementOf(entry.place) });
  }

  async #attachOutside(pod: Resource, sandbox: PodSandbox): Promise<PodProxy> {
    this.#outside.set(podKey(pod), { pod, sandbox });
    await this.#updateNode();
    const entry = await this.#nodeReady;
    if (entry === undefined) throw new MeshwiseError('MW3202', 'the node proxy did not start');
    return this.#podProxy(entry);
  }

  #nodeDescriptor(): ProxyDescriptor {
    return {
      id: `node~127.0.0.1~node.meshwise-system~${this.#o.clusterDomain}`,
      role: 'node',
      namespace: 'meshwise-system',
      labels: {},
      workloads: [...this.#outside.values()].map(({ pod, sandbox }) => servedWorkload(pod, sandbox)),
    };
  }

  async #updateNode(): Promise<void> {
    const descriptor = this.#nodeDescriptor();
    const launched = this.#entries.get(NODE_KEY);
    if (launched !== undefined) await this.#describe(launched, descriptor);
    this.#nodeReady ??= this.#launch(NODE_KEY, descriptor, {
      pod: undefined,
      logPath: join(this.#o.logDirectory, 'node-proxy.log'),
      concurrency: 1,
      onChange: () => {},
    }).catch((error: unknown) => {
      // The next pod tries again.
      this.#nodeReady = undefined;
      throw error;
    });
    const entry = await this.#nodeReady;
    // Pods have come and gone while it was launched with what was known then.
    const current = this.#nodeDescriptor();
    if (launched === undefined && !isDeepStrictEqual(entry.descriptor.workloads, current.workloads)) {
      await this.#describe(entry, current);
    }
  }

  async #describe(entry: Entry, descriptor: ProxyDescriptor): Promise<void> {
    entry.descriptor = descriptor;
    await this.#o.control.setProxy(descriptor, entry.adsSocketPath);
  }

  async #launch(
    key: string,
    descriptor: ProxyDescriptor,
    how: {
      pod: RunningProxy['pod'];
      logPath: string;
      concurrency: number;
      environment?: Readonly<Record<string, string>>;
      onChange: () => void;
      place?: GatewayPlace | undefined;
    },
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
      socketPaths: () => listeningSockets(this.#entries.get(key)?.descriptor ?? descriptor),
      versions: this.#versions,
      logPath: how.logPath,
      concurrency: how.concurrency,
      environment: how.environment ?? {},
      hotRestart: true,
      bootstrap: this.#o.control.bootstrap(descriptor, { adsSocketPath, adminSocketPath }),
      place: (command) => this.#o.capture.proxy(command),
      steer: this.#o.capture.steer?.bind(this.#o.capture),
      onChange: how.onChange,
    });
    const entry: Entry = { descriptor, pod: how.pod, adminSocketPath, adsSocketPath, envoy, place: how.place };
    this.#entries.set(key, entry);
    try {
      await envoy.start();
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
    return entry;
  }

  #podProxy({ envoy }: Entry): PodProxy {
    return {
      get ready() {
        return envoy.ready;
      },
      get process() {
        return envoy.state.process;
      },
      get restarts() {
        return envoy.state.restarts;
      },
      get lastExit() {
        return envoy.state.lastExit;
      },
      untilReady: (withinMs, signal) => envoy.untilReady(withinMs, signal),
    };
  }

  /** Services whose ports lead to other ports of a gateway have changed. */
  async updateInsideGateways(): Promise<void> {
    for (const entry of this.#entries.values()) if (entry.place?.kind === 'inside') await this.#updateGateway(entry);
  }
}

function placeOf(pod: Resource, { placement: { podIp } }: PodSandbox): GatewayPlace | undefined {
  if (roleOf(pod) !== 'gateway') return undefined;
  const { labels = {}, namespace = 'default' } = pod.metadata;
  const gateway = labels[GATEWAY_NAME_LABEL];
  if (gateway !== undefined) return { kind: 'own', gateway: `${namespace}/${gateway}`, podIp };
  return labels[EGRESS_LABEL.key] === EGRESS_LABEL.value ? { kind: 'inside', pod, podIp } : undefined;
}

function podKey(pod: Resource): string {
  return pod.metadata.uid ?? `${pod.metadata.namespace}/${pod.metadata.name}`;
}

/** Short, since the paths of Unix sockets are, and the same after a restart of the daemon. */
function shortName(key: string): string {
  return key === NODE_KEY ? NODE_KEY : createHash('sha256').update(key).digest('hex').slice(0, 10);
}
