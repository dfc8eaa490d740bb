import type { InboundPortPlan, ProxyDescriptor, ServedWorkload } from '@meshwise/model';
import type { RunningEnvoy } from './envoy.ts';
import { Namespaces } from './namespaces.ts';
import { loopbackWorkload, sidecar } from './plans.ts';
import { TestMesh } from './test-mesh.ts';

export interface CapturedPod {
  readonly proxy: ProxyDescriptor;
  readonly envoy: RunningEnvoy;
  /** Starts a Node program in the pod and waits for its first line. */
  start(source: string): Promise<void>;
  /** Runs a Node program in the pod to its end; what it prints, as JSON. */
  ask(source: string): Promise<unknown>;
}

/** Pods whose connections are captured: each in a network namespace of its own, with a real proxy. */
export class CapturedMesh {
  readonly mesh: TestMesh;
  readonly #namespaces: Namespaces;

  private constructor(mesh: TestMesh, namespaces: Namespaces) {
    this.mesh = mesh;
    this.#namespaces = namespaces;
  }

  /** `subnet` is for what the mesh might have on loopback; pods are elsewhere. */
  static async start(subnet: number): Promise<CapturedMesh> {
    const mesh = await TestMesh.start(subnet);
    return new CapturedMesh(mesh, await Namespaces.make(mesh.directory));
  }

  async addPod(name: string, podIp: string, ports: readonly InboundPortPlan[]): Promise<CapturedPod> {
    const networkNamespacePath = await this.#namespaces.addPod(name);
    const tunnelSocketPath = this.mesh.path(`${name}.tunnel`);
    const bare = loopbackWorkload({ name, podIp, programIp: '127.0.0.1', tunnelSocketPath });
    const workload: ServedWorkload = {
      ...bare,
      placement: { ...bare.placement, capture: 'netns', networkNamespacePath },
    };
    const proxy = sidecar(workload);
    if (proxy.identity !== undefined) await this.mesh.authority.issue(proxy.identity);
    this.mesh.model.inbounds.set(proxy.id, [{ workload, ports }]);
    const envoy = await this.mesh.addProxy(proxy, name, (argv) => this.#namespaces.proxyCommand(argv));
    return {
      proxy,
      envoy,
      start: (source) => this.#namespaces.startProgram(networkNamespacePath, source),
      ask: (source) => this.#namespaces.ask(networkNamespacePath, source),
    };
  }

  async settled(pod: CapturedPod): Promise<void> {
    await this.mesh.controlPlane.settled();
    await this.mesh.synced(pod.proxy.id, pod.envoy);
  }

  async stop(): Promise<void> {
    await this.mesh.stop();
    this.#namespaces.stop();
  }
}
