/** SPIFFE identity of a workload: `spiffe://<trustDomain>/ns/<namespace>/sa/<serviceAccount>`. */
export interface Identity {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

export function spiffeId(identity: Identity): string {
  return `spiffe://${identity.trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`;
}

/**
 * Where the sockets of one workload are. In `netns` capture the program sits alone in a network namespace and the proxy
 * reaches in; in `loopback` capture both share the host's namespace and the program is told its address.
 */
export interface Placement {
  readonly capture: 'netns' | 'loopback';
  /** The address of the pod as others see it; the proxy listens on it, on the same port numbers as the program. */
  readonly podIp: string;
  /** The address at which the proxy reaches the program: 127.0.0.1 inside the namespace, or an address of its own. */
  readonly programIp: string;
  /** `/proc/<pid>/ns/net` of the pod, only in `netns` capture. */
  readonly networkNamespacePath?: string;
  /** Unix socket on which the proxy opens CONNECT tunnels to the program, for probes and port forwarding; absent: none. */
  readonly tunnelSocketPath?: string;
}

/** One workload instance (a pod) that a proxy stands in front of. */
export interface ServedWorkload {
  readonly namespace: string;
  readonly pod: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly placement: Placement;
  /** Ports declared by the pod's containers; ports that services target are added by the Plan. */
  readonly containerPorts: readonly {
    readonly port: number;
    readonly name?: string;
    readonly protocol: 'TCP' | 'UDP';
  }[];
}

/**
 * A proxy as the control plane knows it.
 *
 * - `sidecar`: one workload, mTLS both ways.
 * - `gateway`: no workload; listens where Gateway resources say.
 * - `node`: the workloads outside the mesh, as plain TCP; it stands where kube-proxy stands in a cluster.
 */
export interface ProxyDescriptor {
  /** Istio's form: `sidecar~10.244.0.7~productpage-v1-x.default~default.svc.cluster.local`. */
  readonly id: string;
  readonly role: 'sidecar' | 'gateway' | 'node';
  readonly namespace: string;
  /** What Gateway and workload selectors match. */
  readonly labels: Readonly<Record<string, string>>;
  /** Absent for `node`, which has no identity of its own. */
  readonly identity?: Identity;
  readonly workloads: readonly ServedWorkload[];
  /** `region/zone/subzone` of where it runs; trailing parts may be missing. */
  readonly locality?: string;
  /** A program that is its own proxy, by gRPC's xDS client: it asks by name for what it calls. Absent: an Envoy. */
  readonly client?: 'grpc';
  /** Only for `gateway`. */
  readonly gateway?: GatewayPlacement;
}

/** How a port of a Gateway's `servers` reaches the host: by a listener there, or by a Unix socket that a relay serves. */
export interface GatewayPlacement {
  /** `/proc/<pid>/ns/net` of the namespace the listeners bind in; absent: where the proxy runs. */
  readonly networkNamespacePath?: string;
  readonly bindAddress: string;
  /** Gateway server port → TCP port bound or Unix socket path. A server port that is absent here gets no listener. */
  readonly ports: Readonly<Record<number, { readonly port: number } | { readonly socketPath: string }>>;
  /** Where it is called from inside the mesh as well: Gateway server port → port at this address, where proxies run. */
  readonly inside?: { readonly bindAddress: string; readonly ports: Readonly<Record<number, number>> };
}
