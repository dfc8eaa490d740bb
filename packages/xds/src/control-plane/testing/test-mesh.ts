import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { Http2Server } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import type { InboundPortPlan, OutboundPlan, PatchPlan, ProxyDescriptor, SecurityPlan } from '@meshwise/model';
import { type AdsServer, createAdsServer } from '../../ads/server.ts';
import type { AdsEvent } from '../../ads/status.ts';
import { bootstrap } from '../../envoy/bootstrap.ts';
import type { Outside } from '../../envoy/outside.ts';
import { testScratch } from '../../testing/scratch.ts';
import { type ControlPlane, createControlPlane } from '../control-plane.ts';
import { TestAuthority } from './authority.ts';
import { ENVOY, type RunningEnvoy, startEnvoy } from './envoy.ts';
import { eventually, startHttp2Program, startProgram } from './http.ts';
import { loopbackWorkload, sidecar } from './plans.ts';
import { emptyOutbound, StaticModel } from './static-model.ts';

export interface Pod {
  readonly proxy: ProxyDescriptor;
  readonly podIp: string;
  readonly programIp: string;
  readonly envoy: RunningEnvoy;
}

export interface PodOptions {
  readonly name: string;
  readonly ports: readonly InboundPortPlan[];
  readonly serviceAccount?: string;
  /** Of the proxy. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A control plane with real proxies around real programs, in loopback capture: everything is on addresses of
 * 127.0.0.0/8, so that it runs wherever Envoy does.
 */
export class TestMesh {
  readonly model = new StaticModel();
  readonly authority: TestAuthority;
  #ads: AdsServer;
  #controlPlane: ControlPlane;
  /** What any proxy rejected, or was refused; empty unless something is wrong. */
  readonly rejections: AdsEvent[] = [];
  readonly #directory: string;
  readonly #envoys: RunningEnvoy[] = [];
  readonly #programs: Server[] = [];
  readonly #http2Programs: Http2Server[] = [];
  readonly #sockets = new Map<ProxyDescriptor, string>();
  readonly #subnet: string;
  readonly #outside: Outside | undefined;
  #pods = 0;

  private constructor(directory: string, authority: TestAuthority, subnet: number, outside: Outside | undefined) {
    this.#directory = directory;
    this.#outside = outside;
    this.#subnet = `127.${subnet}`;
    this.authority = authority;
    [this.#ads, this.#controlPlane] = this.#open();
  }

  /** `subnet` is the second number of the addresses; each test file has its own. */
  static async start(subnet: number, outside?: (directory: string) => Outside): Promise<TestMesh> {
    const directory = await mkdtemp(join(tmpdir(), 'meshwise-xds-'));
    return new TestMesh(directory, await TestAuthority.create(), subnet, outside?.(directory));
  }

  get ads(): AdsServer {
    return this.#ads;
  }

  get controlPlane(): ControlPlane {
    return this.#controlPlane;
  }

  get directory(): string {
    return this.#directory;
  }

  path(name: string): string {
    return join(this.#directory, name);
  }

  get outbound(): OutboundPlan {
    return this.model.outbound('default');
  }

  /** Changes the shared outbound plan and publishes; returns how many resources changed. */
  setOutbound(changes: Partial<OutboundPlan>): number {
    this.model.outbounds.set('default', { ...emptyOutbound('default'), ...this.outbound, ...changes });
    return this.controlPlane.publish();
  }

  /** Patches of Envoy's configuration, for the scope and for each pod's own part; returns when proxies have them. */
  async setPatches(patches: readonly PatchPlan[], pods: readonly Pod[]): Promise<void> {
    this.setOutbound({ patches });
    for (const { proxy } of pods) {
      this.model.inbounds.set(
        proxy.id,
        this.model.inbound(proxy.id).map((plan) => ({ ...plan, patches })),
      );
    }
    this.controlPlane.publish();
    await this.controlPlane.settled();
    await Promise.all(pods.map(({ proxy, envoy }) => this.synced(proxy.id, envoy)));
  }

  setInbound(pod: Pod, ports: readonly InboundPortPlan[], security?: SecurityPlan): number {
    const [workload] = pod.proxy.workloads;
    if (workload === undefined) throw new Error('no workload');
    this.model.inbounds.set(pod.proxy.id, [{ workload, ports, ...(security === undefined ? {} : { security }) }]);
    return this.controlPlane.publish();
  }

  async addPod(options: PodOptions): Promise<Pod> {
    this.#pods += 1;
    const podIp = `${this.#subnet}.1.${this.#pods}`;
    const programIp = `${this.#subnet}.2.${this.#pods}`;
    const workload = loopbackWorkload({
      name: options.name,
      podIp,
      programIp,
      tunnelSocketPath: this.path(`${options.name}.tunnel`),
      ...(options.serviceAccount === undefined ? {} : { serviceAccount: options.serviceAccount }),
    });
    const proxy = sidecar(workload);
    if (proxy.identity !== undefined) await this.authority.issue(proxy.identity);
    this.model.inbounds.set(proxy.id, [{ workload, ports: options.ports }]);
    for (const { port } of options.ports) await this.addProgram(options.name, programIp, port);
    return { proxy, podIp, programIp, envoy: await this.addProxy(proxy, options.name, undefined, options.environment) };
  }

  async addProgram(name: string, address: string, port: number): Promise<void> {
    this.#programs.push(await startProgram(name, address, port));
  }

  async addHttp2Program(name: string, address: string, port: number): Promise<void> {
    this.#http2Programs.push(await startHttp2Program(name, address, port));
  }

  /** Starts the proxy and waits until it has all its configuration and listens. */
  async addProxy(
    proxy: ProxyDescriptor,
    name: string,
    wrap?: (argv: readonly string[]) => readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<RunningEnvoy> {
    const adsSocketPath = this.path(`${name}.ads`);
    const adminSocketPath = this.path(`${name}.admin`);
    this.#sockets.set(proxy, adsSocketPath);
    this.controlPlane.setProxy(proxy, { socketPath: adsSocketPath });
    await this.controlPlane.settled();
    await this.ads.listen({ socketPath: adsSocketPath });
    const envoy = startEnvoy({
      directory: this.#directory,
      name,
      adminSocketPath,
      bootstrap: bootstrap({
        ...{ proxy, adsSocketPath, adminSocketPath },
        ...(this.#outside?.resolver === undefined ? {} : { resolver: this.#outside.resolver }),
      }),
      wrap,
      environment,
    });
    this.#envoys.push(envoy);
    await this.synced(proxy.id, envoy);
    return envoy;
  }

  /** Waits until the proxy is live and has acknowledged everything. */
  async synced(id: string, envoy: RunningEnvoy): Promise<void> {
    await eventually(async () => {
      if (envoy.exited) throw new Error(`envoy is gone: ${envoy.log()}`);
      const ready = await envoy.admin('/ready');
      const status = this.controlPlane.status(id);
      if (!ready.includes('LIVE') || status?.synced !== true) {
        throw new Error(`not synced: ${ready.trim()} ${JSON.stringify(status)} ${envoy.log()}`);
      }
    });
  }

  async stopControlPlane(): Promise<void> {
    this.#controlPlane.close();
    await this.#ads.close();
  }

  /** A new one that knows what the old one knew, on the same sockets. */
  async startControlPlane(): Promise<void> {
    [this.#ads, this.#controlPlane] = this.#open();
    for (const [proxy, socketPath] of this.#sockets) {
      this.#controlPlane.setProxy(proxy, { socketPath });
      await this.#ads.listen({ socketPath });
    }
  }

  #open(): [AdsServer, ControlPlane] {
    const common = { clock: systemClock, logger: silentLogger };
    const ads = createAdsServer(common);
    ads.onEvent((event) => {
      if (event.kind === 'nacked' || event.kind === 'secretRefused') this.rejections.push(event);
    });
    const rateLimitSocketPath = this.path('rate-limit.sock');
    const scratch = ENVOY === undefined ? {} : { scratch: testScratch(ENVOY, this.#directory).ask };
    const outside = this.#outside === undefined ? {} : { outside: this.#outside };
    const parts = { model: this.model, ads, secrets: this.authority, rateLimitSocketPath };
    const control = { ...parts, ...scratch, ...outside, ...common };
    return [ads, createControlPlane(control)];
  }

  async stop(): Promise<void> {
    await Promise.all(this.#envoys.map((envoy) => envoy.stop()));
    await this.stopControlPlane();
    for (const program of this.#programs) {
      program.closeAllConnections();
      program.close();
    }
    for (const program of this.#http2Programs) program.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
