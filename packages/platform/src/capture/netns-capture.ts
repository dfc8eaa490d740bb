import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from '@meshwise/core';
import type { ProcessHost } from '../process/process-host.ts';
import { isAlive } from '../process/process-table.ts';
import { offsetInCidr } from './addresses.ts';
import type { Capture, CaptureOutside, PodSandbox, ProgramCommand, VolumeMount } from './capture.ts';
import { resolverConfiguration } from './resolver.ts';
import { ResolverProcess } from './resolver-process.ts';
import { runSandbox, sandboxArguments } from './run-sandbox.ts';
import { specificationFile } from './specification-file.ts';
import { untilReady } from './until-ready.ts';

export interface NetnsCaptureOptions {
  readonly python: string;
  readonly host: ProcessHost;
  /** Holds `netns/` (mount points of namespaces), sockets and specifications. */
  readonly runDirectory: string;
  /** Hidden from programs: they run as another user than root's, but rootless they run as the caller. */
  readonly stateDirectory: string;
  readonly rootless: boolean;
  readonly clusterDomain: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const POD_CIDR = '10.244.0.0/16';
const SERVICE_CIDR = '10.96.0.0/16';
/** Addresses that the mesh chooses for hosts without one (Istio's range). */
const CHOSEN_CIDR = '240.240.0.0/16';
/** So that a program may ask for any address; its proxy decides. */
const EVERYWHERE = '0.0.0.0/0';
const REDIRECT_PORT = 15001;
/** Istio's port for the same. */
const RESOLVER = { address: '127.0.0.1', port: 15_053 };
const HOLDER_ID = 'mesh-namespaces';
/** Relays run on the host, all other proxies inside. */
const PROXY_PREFIX = /^envoy-(?!relay-)/;
/** Programs get one uid per pod from here on, so that they cannot signal each other or read each other's secrets. */
const FIRST_UID = 200_000;
const CAP_NET_BIND_SERVICE = 10;
const CAP_SYS_ADMIN = 21;

/**
 * Capture by network namespaces.
 *
 * All proxies run in the mesh's namespace, where the pod range is local to the loopback interface, so that each proxy can
 * listen on its pod's address and nothing of it shows on the host. Each program sits alone in a namespace with a loopback
 * interface and a redirect of its outgoing TCP; its proxy reaches in by `network_namespace_filepath`. There is no veth,
 * no bridge and no rule on the host, so there is nothing to clean up there: when the last process is gone, so is everything.
 */
export class NetnsCapture implements Capture {
  readonly mode = 'netns';
  readonly podCidr = POD_CIDR;
  readonly mountsVolumes = true;
  readonly notes: readonly string[];
  readonly rootless: boolean;
  readonly gatewayReach: 'namespace' | 'relay';
  readonly #options: NetnsCaptureOptions;
  readonly #namespaces: string;
  readonly #resolver: ResolverProcess;
  #anchor: { readonly pid: number; readonly startTicks: number } | undefined;
  #entering: Promise<number> | undefined;
  /** The namespaces are new, and whoever served the old ones is of no use. */
  #madeNamespaces = false;

  constructor(options: NetnsCaptureOptions) {
    this.#options = options;
    this.rootless = options.rootless;
    this.#resolver = new ResolverProcess({ ...options, ...RESOLVER, anchorPid: () => this.#livingAnchor() });
    this.#namespaces = join(options.runDirectory, 'netns');
    this.gatewayReach = options.rootless ? 'relay' : 'namespace';
    this.notes = options.rootless
      ? [
          'Rootless: programs run as your own user inside a user namespace; the gateway reaches the host through a relay.',
          'Rootless: hosts outside the mesh cannot be reached. The proxies have no way into the network of this machine: entering it takes root.',
        ]
      : [];
  }

  get hostNetworkPath(): string {
    return join(this.#namespaces, 'host');
  }

  get outside(): CaptureOutside {
    const ownRanges = [POD_CIDR, SERVICE_CIDR, CHOSEN_CIDR];
    const common = { ownRanges, resolver: RESOLVER };
    return this.rootless ? common : { ...common, networkNamespacePath: this.hostNetworkPath };
  }

  async start(): Promise<void> {
    await this.#anchorPid();
    await this.#resolver.start(this.#madeNamespaces);
  }

  #livingAnchor(): number | undefined {
    const anchor = this.#anchor;
    return anchor !== undefined && isAlive(anchor.pid, anchor.startTicks) ? anchor.pid : undefined;
  }

  /** A process inside the namespaces. The one that holds them may be killed; any proxy then keeps them open as well. */
  async #anchorPid(): Promise<number> {
    const living = this.#livingAnchor();
    if (living !== undefined) return living;
    this.#entering ??= this.#enter().finally(() => {
      this.#entering = undefined;
    });
    return this.#entering;
  }

  /** Enters the namespaces an earlier daemon made when anything still lives in them, and makes them otherwise. */
  async #enter(): Promise<number> {
    const { host, runDirectory, python } = this.#options;
    for (const handle of host.all()) {
      if (handle.id !== HOLDER_ID && !PROXY_PREFIX.test(handle.id)) continue;
      if (!isAlive(handle.pid, handle.startTicks)) continue;
      this.#anchor = handle;
      return handle.pid;
    }
    await mkdir(runDirectory, { recursive: true, mode: 0o700 });
    const logPath = join(runDirectory, 'mesh-namespaces.log');
    await writeFile(logPath, '', { mode: 0o600 });
    const spec = { routes: [POD_CIDR], runDirectory, keepHostNetwork: !this.rootless };
    const handle = await host.start({
      id: HOLDER_ID,
      argv: [python, ...sandboxArguments('mesh', spec)],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
      cwd: '/',
      logPath,
    });
    await untilReady(logPath, handle.exited, this.#options.clock);
    this.#madeNamespaces = true;
    this.#anchor = handle;
    return handle.pid;
  }

  async createPod(pod: { uid: string; namespace: string; name: string; podIp: string }): Promise<PodSandbox> {
    const networkNamespacePath = join(this.#namespaces, pod.uid);
    if (!(await this.#kept(pod.uid))) {
      await runSandbox(this.#options.python, 'pod', {
        anchorPid: await this.#anchorPid(),
        netns: networkNamespacePath,
        routes: [SERVICE_CIDR, POD_CIDR, EVERYWHERE],
        redirectPort: REDIRECT_PORT,
      });
    }
    const directory = join(this.#options.runDirectory, 'pods', pod.uid);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const tunnelSocketPath = join(directory, 'tunnel.sock');
    return {
      ...pod,
      placement: { capture: 'netns', podIp: pod.podIp, programIp: '127.0.0.1', networkNamespacePath, tunnelSocketPath },
    };
  }

  async removePod(uid: string): Promise<void> {
    if (!(await this.#kept(uid))) return;
    const spec = { anchorPid: await this.#anchorPid(), netns: join(this.#namespaces, uid) };
    await runSandbox(this.#options.python, 'unpod', spec).catch((error: unknown) =>
      this.#options.logger.warn('pod namespace not removed', { uid, error: String(error) }),
    );
  }

  async program(pod: PodSandbox, command: ProgramCommand, mounts: readonly VolumeMount[]): Promise<ProgramCommand> {
    const resolver = join(this.#options.runDirectory, 'resolver', `${pod.namespace}.conf`);
    await mkdir(join(this.#options.runDirectory, 'resolver'), { recursive: true, mode: 0o755 });
    await writeFile(resolver, resolverConfiguration(pod.namespace, this.#options.clusterDomain), { mode: 0o644 });
    const spec = {
      anchorPid: await this.#anchorPid(),
      netns: pod.placement.networkNamespacePath,
      hostname: pod.name,
      mounts: [{ source: resolver, target: '/etc/resolv.conf', readOnly: true }, ...mounts],
      masked: [this.#options.stateDirectory],
      uid: this.#uid(pod.placement.podIp),
      capabilities: [],
      ...command,
    };
    return this.#launch(pod.uid, spec, command);
  }

  async outsider(command: ProgramCommand, mounts: readonly VolumeMount[]): Promise<ProgramCommand> {
    const spec = {
      anchorPid: await this.#anchorPid(),
      mounts,
      masked: [this.#options.stateDirectory],
      // The first address of the range is no pod's, and neither is its user.
      uid: FIRST_UID,
      capabilities: [],
      ...command,
    };
    return this.#launch('outsider', spec, command);
  }

  meshProcess(): Promise<number> {
    return this.#anchorPid();
  }

  async proxy(command: ProgramCommand): Promise<ProgramCommand> {
    const orphanPidFile = join(command.cwd, 'pid');
    const spec = {
      pidFile: orphanPidFile,
      anchorPid: await this.#anchorPid(),
      // To open sockets in the namespaces of pods takes CAP_SYS_ADMIN over them (setns(2)); nothing else is left to it.
      capabilities: [CAP_NET_BIND_SERVICE, CAP_SYS_ADMIN],
      ...command,
    };
    return { ...(await this.#launch(undefined, spec, command)), orphanPidFile };
  }

  async steer(proxy: { pid: number; first?: number; count: number }): Promise<void> {
    await runSandbox(this.#options.python, 'steer', proxy);
  }

  programUid(pod: { podIp: string }): number | undefined {
    return this.rootless ? undefined : this.#uid(pod.podIp);
  }

  environment(): Readonly<Record<string, string>> {
    return {};
  }

  #uid(podIp: string): number {
    return FIRST_UID + offsetInCidr(podIp, POD_CIDR);
  }

  /** A program's environment may hold secrets, so it goes by a file that only we can read, not by the command line. */
  async #launch(podUid: string | undefined, spec: object, command: ProgramCommand): Promise<ProgramCommand> {
    const directory = join(this.#options.runDirectory, 'pods', podUid ?? '');
    const argument = podUid === undefined ? JSON.stringify(spec) : await specificationFile(directory, spec);
    return {
      argv: [this.#options.python, ...sandboxArguments('run', argument)],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
      cwd: command.cwd,
    };
  }

  /**
   * The mount points are only visible inside the mesh's mount namespace. A file on which nothing is mounted, left by a launcher
   * that was killed between the two, is no namespace: that is a file of another file system than its directory.
   */
  async #kept(uid: string): Promise<boolean> {
    const inside = join(`/proc/${await this.#anchorPid()}/root`, this.#namespaces);
    try {
      return (await stat(join(inside, uid))).dev !== (await stat(inside)).dev;
    } catch {
      return false;
    }
  }
}
