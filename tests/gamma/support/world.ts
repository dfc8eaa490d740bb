import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { MESHES } from '@meshwise/meshes';
import { createMeshModel, type ObservableMeshModel } from '@meshwise/model';
import { keyOf, keyText, type Resource, withDefaults } from '@meshwise/resources';
import { type AdsServer, bootstrap, type ControlPlane, createAdsServer, createControlPlane } from '@meshwise/xds';
import { TestAuthority } from '../../../packages/xds/src/control-plane/testing/authority.ts';
import { ENVOY, type RunningEnvoy, startEnvoy } from '../../../packages/xds/src/control-plane/testing/envoy.ts';
import { eventually } from '../../../packages/xds/src/control-plane/testing/http.ts';
import { canMakeNamespaces, Namespaces } from '../../../packages/xds/src/control-plane/testing/namespaces.ts';
import { testScratch } from '../../../packages/xds/src/testing/scratch.ts';
import { askGrpc, askHttp, type GrpcCall, type HttpAnswer, type HttpRequest, program } from './programs.ts';
import { PODS, type PodName, proxyOf, SHOP } from './shop.ts';

export const CAN_RUN = ENVOY !== undefined && canMakeNamespaces();

interface Pod {
  readonly netns: string;
  readonly envoy: RunningEnvoy;
  readonly id: string;
}

/**
 * A shop whose pods are captured: each is alone in a network namespace, with a real proxy beside it, which is told what the
 * readers and the Model make of real resources.
 */
export class World {
  readonly #directory: string;
  readonly #model: ObservableMeshModel = createMeshModel({ readers: MESHES });
  readonly #authority: TestAuthority;
  readonly #ads: AdsServer;
  readonly #plane: ControlPlane;
  readonly #namespaces: Namespaces;
  readonly #pods = new Map<PodName, Pod>();
  #applied: readonly Resource[] = [];
  /** What proxies refused to take; nothing unless something is wrong. */
  readonly rejections: string[] = [];

  private constructor(directory: string, authority: TestAuthority, namespaces: Namespaces) {
    this.#directory = directory;
    this.#authority = authority;
    this.#namespaces = namespaces;
    const common = { clock: systemClock, logger: silentLogger };
    this.#ads = createAdsServer(common);
    this.#ads.onEvent((event) => {
      if (event.kind === 'nacked' || event.kind === 'secretRefused') this.rejections.push(JSON.stringify(event));
    });
    const scratch = ENVOY === undefined ? {} : { scratch: testScratch(ENVOY, directory).ask };
    const parts = { model: this.#model, ads: this.#ads, secrets: authority };
    this.#plane = createControlPlane({ ...parts, ...scratch, ...common });
  }

  static async start(): Promise<World> {
    const directory = await mkdtemp(join(tmpdir(), 'meshwise-gamma-'));
    const world = new World(directory, await TestAuthority.create(), await Namespaces.make(directory));
    world.#model.update(SHOP.map((resource) => ({ type: 'upsert', resource: withDefaults(resource) })));
    await Promise.all((Object.keys(PODS) as PodName[]).map((name) => world.#start(name)));
    await world.#settled();
    return world;
  }

  /** In place of all that was applied before; returns when every proxy does it. */
  async apply(...resources: readonly Resource[]): Promise<void> {
    const complete = resources.map((resource) => withDefaults(resource));
    const kept = new Set(complete.map((resource) => keyText(keyOf(resource))));
    const gone = this.#applied.map(keyOf).filter((key) => !kept.has(keyText(key)));
    this.#model.update([
      ...gone.map((key) => ({ type: 'delete' as const, key })),
      ...complete.map((resource) => ({ type: 'upsert' as const, resource })),
    ]);
    this.#applied = complete;
    await this.#settled();
  }

  /** What is remarked of a resource; nothing when all of it is enforced. */
  remarks(resource: Resource): readonly string[] {
    return (this.#model.residues().get(keyText(keyOf(resource))) ?? []).map(({ message }) => message);
  }

  /** Requests that a pod sends, ten at a time, in their order. */
  async ask(from: PodName, requests: readonly HttpRequest[]): Promise<readonly HttpAnswer[]> {
    return (await this.#namespaces.ask(this.#pod(from).netns, askHttp(requests))) as readonly HttpAnswer[];
  }

  /** gRPC calls; each answer is the text of the program, or the status that the call failed with. */
  async call(from: PodName, calls: readonly GrpcCall[]): Promise<readonly string[]> {
    return (await this.#namespaces.ask(this.#pod(from).netns, askGrpc(calls))) as readonly string[];
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pods.values()].map(({ envoy }) => envoy.stop()));
    this.#plane.close();
    await this.#ads.close();
    this.#namespaces.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #pod(name: PodName): Pod {
    const pod = this.#pods.get(name);
    if (pod === undefined) throw new Error(`no pod ${name}`);
    return pod;
  }

  async #start(name: PodName): Promise<void> {
    const netns = await this.#namespaces.addPod(name);
    const at = (suffix: string) => join(this.#directory, `${name}.${suffix}`);
    const proxy = proxyOf(name, netns, at('tunnel'));
    if (proxy.identity !== undefined) await this.#authority.issue(proxy.identity);
    const [adsSocketPath, adminSocketPath] = [at('ads'), at('admin')];
    this.#plane.setProxy(proxy, { socketPath: adsSocketPath });
    await this.#ads.listen({ socketPath: adsSocketPath });
    await this.#namespaces.startProgram(netns, program(name));
    const envoy = startEnvoy({
      ...{ directory: this.#directory, name, adminSocketPath },
      bootstrap: bootstrap({ proxy, adsSocketPath, adminSocketPath }),
      wrap: (argv) => this.#namespaces.proxyCommand(argv),
    });
    this.#pods.set(name, { netns, envoy, id: proxy.id });
    await eventually(async () => {
      if (!(await envoy.admin('/ready')).includes('LIVE')) throw new Error(`not ready: ${envoy.log()}`);
    });
  }

  async #settled(): Promise<void> {
    this.#plane.publish();
    await this.#plane.settled();
    for (const { envoy, id } of this.#pods.values()) {
      await eventually(async () => {
        if (envoy.exited) throw new Error(`envoy is gone: ${envoy.log()}`);
        const status = this.#plane.status(id);
        if (status?.synced !== true) throw new Error(`not synced: ${JSON.stringify(status)} ${envoy.log()}`);
      });
    }
  }
}
