import type { EndpointPlan, HttpPortPlan, RoutePlan } from '@meshwise/model';
import { type Answer, callThrough } from './http.ts';
import { clusterName, clusterPlan, endpointPlan, forwardRoute, inboundPort, virtualHostPlan } from './plans.ts';
import { type Pod, TestMesh } from './test-mesh.ts';

export const PORT = 9080;
export const V1 = clusterName('reviews', PORT, 'v1');
export const V2 = clusterName('reviews', PORT, 'v2');

/** One client and two versions of a service, each behind a sidecar. */
export class ReviewsMesh {
  readonly mesh: TestMesh;
  readonly client: Pod;
  readonly v1: Pod;
  readonly v2: Pod;

  private constructor(mesh: TestMesh, pods: { readonly client: Pod; readonly v1: Pod; readonly v2: Pod }) {
    this.mesh = mesh;
    this.client = pods.client;
    this.v1 = pods.v1;
    this.v2 = pods.v2;
  }

  static async start(subnet: number): Promise<ReviewsMesh> {
    const mesh = await TestMesh.start(subnet);
    const [v1, v2, client] = await Promise.all([
      mesh.addPod({ name: 'reviews-v1', serviceAccount: 'reviews', ports: [inboundPort(PORT)] }),
      mesh.addPod({ name: 'reviews-v2', serviceAccount: 'reviews', ports: [inboundPort(PORT)] }),
      mesh.addPod({ name: 'productpage', ports: [] }),
    ]);
    mesh.setOutbound({
      clusters: [clusterPlan('reviews', PORT, { subset: 'v1' }), clusterPlan('reviews', PORT, { subset: 'v2' })],
      endpoints: [
        { cluster: V1, endpoints: [endpointPlan(v1.podIp, PORT)] },
        { cluster: V2, endpoints: [endpointPlan(v2.podIp, PORT)] },
      ],
    });
    const started = new ReviewsMesh(mesh, { client, v1, v2 });
    await started.route(forwardRoute([V1, 1]));
    return started;
  }

  /** Replaces the routes of `reviews`; returns when the client's proxy has them. */
  async route(...routes: readonly RoutePlan[]): Promise<void> {
    const port: HttpPortPlan = { port: PORT, virtualHosts: [virtualHostPlan('reviews', PORT, routes)] };
    this.mesh.setOutbound({ httpPorts: [port] });
    await this.settled(this.client);
  }

  async endpoints(cluster: string, ...list: readonly EndpointPlan[]): Promise<void> {
    const others = this.mesh.outbound.endpoints.filter((other) => other.cluster !== cluster);
    this.mesh.setOutbound({ endpoints: [...others, { cluster, endpoints: list }] });
    await this.settled(this.client);
  }

  async settled(pod: Pod): Promise<void> {
    // What an Envoy has to say of it first, such as expressions, comes a little later.
    await this.mesh.controlPlane.settled();
    await this.mesh.synced(pod.proxy.id, pod.envoy);
  }

  /** Calls `reviews` as the client does. */
  get(path = '/', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return callThrough(this.client.podIp, `http://reviews:${PORT}${path}`, { headers });
  }
}
