import type { Placement } from '@meshwise/model';

/** A program to start for a pod, before it is known how the capture starts programs. */
export interface ProgramCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** See `ProcessSpec.orphanPidFile`. */
  readonly orphanPidFile?: string;
}

export interface VolumeMount {
  readonly source: string;
  /** Only this part of the source, which has to exist and be reached without symbolic links. */
  readonly subPath?: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** One pod as the capture knows it. */
export interface PodSandbox {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly placement: Placement;
}

/** The way from where proxies run to the rest of the world. */
export interface CaptureOutside {
  /** A network namespace with a way out, which proxies may open sockets in; absent: there is none. */
  readonly networkNamespacePath?: string;
  /** Ranges that mean workloads and services in here, whatever they mean out there. */
  readonly ownRanges: readonly string[];
  /** Who answers for names of the outside. */
  readonly resolver: { readonly address: string; readonly port: number };
}

/**
 * How a workload's traffic gets through its proxy, and what keeps it apart. Two implementations: `netns` and `loopback`.
 * All are idempotent: after a crash the next daemon calls them again and finds what is there.
 */
export interface Capture {
  readonly mode: 'netns' | 'loopback';
  readonly rootless: boolean;
  /** What a user has to know, as that the capture can be bypassed. */
  readonly notes: readonly string[];
  /** Addresses of pods come from here. */
  readonly podCidr: string;

  start(): Promise<void>;
  createPod(pod: { uid: string; namespace: string; name: string; podIp: string }): Promise<PodSandbox>;
  removePod(uid: string): Promise<void>;
  /** The command that becomes the program, inside the pod, without privileges, with its volumes mounted. */
  program(pod: PodSandbox, command: ProgramCommand, mounts: readonly VolumeMount[]): Promise<ProgramCommand>;
  /**
   * The command that becomes a client without a proxy of its own, where the proxies listen: without privileges, and in no pod.
   * Absent when programs have no network of their own.
   */
  outsider?(command: ProgramCommand, mounts: readonly VolumeMount[]): Promise<ProgramCommand>;
  /** A process in the network of the proxies, for those who join it from outside; absent where that is this machine's own. */
  meshProcess?(): Promise<number>;
  /** The command that becomes a proxy, where proxies run. */
  proxy(command: ProgramCommand): Promise<ProgramCommand>;
  /**
   * What arrives at ports that a proxy shares with the one before it goes to this one alone: to its sockets, `count` of each port,
   * from the one on that was opened as number `first`. Without `first`, to all again. Absent where nobody may do that.
   */
  steer?(proxy: { pid: number; first?: number; count: number }): Promise<void>;
  /** True when volumes appear at their paths; otherwise the program is told the directories. */
  readonly mountsVolumes: boolean;
  /** Uid that owns files made for a pod; undefined when it is the daemon's own. */
  programUid(pod: { podIp: string }): number | undefined;
  /** How the gateway's ports get to the host. */
  readonly gatewayReach: 'namespace' | 'relay' | 'direct';
  readonly hostNetworkPath?: string;
  /** How proxies reach what lies outside of the mesh; absent where they run in this machine's own network. */
  readonly outside?: CaptureOutside;
  /** Environment variables that lead programs to their proxy; empty where capture is transparent. */
  environment(pod: PodSandbox): Readonly<Record<string, string>>;
}
