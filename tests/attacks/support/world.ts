import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { MESHES } from '@meshwise/meshes';
import { createMeshModel, type Identity, type ObservableMeshModel, type ProxyDescriptor } from '@meshwise/model';
import { keyOf, parseResources, type Resource, withDefaults } from '@meshwise/resources';
import { type AdsServer, bootstrap, type ControlPlane, createAdsServer, createControlPlane } from '@meshwise/xds';
import { AnyAuthority } from '../../../packages/xds/src/control-plane/testing/any-authority.ts';
import { ENVOY, type RunningEnvoy, startEnvoy } from '../../../packages/xds/src/control-plane/testing/envoy.ts';
import { eventually } from '../../../packages/xds/src/control-plane/testing/http.ts';
import { testScratch } from '../../../packages/xds/src/testing/scratch.ts';
import { Program } from './program.ts';

export const HTTP_PORT = 8080;
export const TCP_PORT = 9000;

/** A workload `ledger` in namespace `default`: a program with a real proxy in front of it, which reads real resources. */
export class World {
  readonly model: ObservableMeshModel;
  readonly authority: AnyAuthority;
  readonly program: Program;
  readonly address: string;
  /** What the proxy refused to take; nothing unless something is wrong. */
  readonly rejections: string[] = [];
  readonly #directory: string;
  readonly #ads: AdsServer;
  readonly #plane: ControlPlane;
  readonly #proxy: ProxyDescriptor;
  #envoy: RunningEnvoy | undefined;
  #applied: readonly Resource[] = [];

  private constructor(directory: string, subnet: number, authority: AnyAuthority) {
    this.#directory = directory;
    this.address = `127.${subnet}.1.1`;
    this.authority = authority;
    this.program = new Program();
    const common = { clock: systemClock, logger: silentLogger };
    this.model = createMeshModel({ readers: MESHES });
    this.#ads = createAdsServer(common);
    this.#ads.onEvent((event) => {
      if (event.kind === 'nacked' || event.kind === 'secretRefused') this.rejections.push(JSON.stringify(event));
    });
    const scratch = ENVOY === undefined ? {} : { scratch: testScratch(ENVOY, directory).ask };
    this.#plane = createControlPlane({ model: this.model, ads: this.#ads, secrets: authority, ...scratch, ...common });
    this.#proxy = sidecar(this.address, `127.${subnet}.2.1`, join(directory, 'tunnel.sock'));
  }

  /** `subnet` is the second number of the addresses; each test file has its own. */
  static async start(subnet: number): Promise<World> {
    const directory = await mkdtemp(join(tmpdir(), 'meshwise-attacks-'));
    const world = new World(directory, subnet, await AnyAuthority.create('the mesh'));
    await world.program.listen(`127.${subnet}.2.1`, HTTP_PORT, TCP_PORT);
    await world.#startProxy();
    return world;
  }

  /** In place of all that was applied before; returns when the proxy does it. */
  async apply(yaml: string): Promise<void> {
    const resources = read(yaml).map((resource) => withDefaults(resource));
    const kept = new Set(resources.map((resource) => JSON.stringify(keyOf(resource))));
    this.model.update([
      ...this.#applied
        .map((resource) => keyOf(resource))
        .filter((key) => !kept.has(JSON.stringify(key)))
        .map((key) => ({ type: 'delete' as const, key })),
      ...resources.map((resource) => ({ type: 'upsert' as const, resource })),
    ]);
    this.#applied = resources;
    await this.settled();
  }

  /** Waits until the proxy has what the model says. */
  async settled(): Promise<void> {
    this.#plane.publish();
    await this.#plane.settled();
    await eventually(async () => {
      if (this.#envoy?.exited === true) throw new Error(`envoy is gone: ${this.#envoy.log()}`);
      const status = this.#plane.status(this.#proxy.id);
      if (status?.synced !== true) throw new Error(`not synced: ${JSON.stringify(status)} ${this.#envoy?.log()}`);
    });
  }

  stat(name: string): Promise<number> {
    return this.#envoy?.stat(name) ?? Promise.resolve(0);
  }

  async stop(): Promise<void> {
    await this.#envoy?.stop();
    this.#plane.close();
    await this.#ads.close();
    this.program.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #startProxy(): Promise<void> {
    const proxy = this.#proxy;
    if (proxy.identity !== undefined) await this.authority.issue(proxy.identity);
    const [adsSocketPath, adminSocketPath] = ['ads', 'admin'].map((name) => join(this.#directory, `${name}.sock`));
    if (adsSocketPath === undefined || adminSocketPath === undefined) throw new Error('no paths');
    this.#plane.setProxy(proxy, { socketPath: adsSocketPath });
    await this.#ads.listen({ socketPath: adsSocketPath });
    this.#envoy = startEnvoy({
      directory: this.#directory,
      name: 'ledger',
      adminSocketPath,
      bootstrap: bootstrap({ proxy, adsSocketPath, adminSocketPath }),
    });
    await eventually(async () => {
      if (!(await this.#envoy?.admin('/ready'))?.includes('LIVE')) throw new Error('not ready');
    });
    await this.settled();
  }
}

export function identity(serviceAccount: string, namespace = 'default', trustDomain = 'cluster.local'): Identity {
  return { trustDomain, namespace, serviceAccount };
}

function sidecar(podIp: string, programIp: string, tunnelSocketPath: string): ProxyDescriptor {
  const labels = { app: 'ledger' };
  return {
    id: `sidecar~${podIp}~ledger.default~default.svc.cluster.local`,
    role: 'sidecar',
    namespace: 'default',
    labels,
    identity: identity('ledger'),
    workloads: [
      {
        namespace: 'default',
        pod: 'ledger',
        labels,
        serviceAccount: 'ledger',
        placement: { capture: 'loopback', podIp, programIp, tunnelSocketPath },
        containerPorts: [
          { port: HTTP_PORT, protocol: 'TCP' },
          { port: TCP_PORT, protocol: 'TCP' },
        ],
      },
    ],
  };
}

const LEDGER = `
apiVersion: v1
kind: Service
metadata: { name: ledger, namespace: default }
spec:
  selector: { app: ledger }
  ports:
    - { name: http, port: 80, targetPort: ${HTTP_PORT} }
    - { name: tcp, port: ${TCP_PORT}, targetPort: ${TCP_PORT} }
`;

function read(yaml: string): readonly Resource[] {
  const { resources, problems } = parseResources(`${LEDGER}---\n${yaml}`, { file: 'attack.yaml' });
  const [problem] = problems;
  if (problem !== undefined) throw new Error(problem.message);
  return resources.map(({ resource }) => resource);
}
