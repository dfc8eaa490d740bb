import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { addressNumber, addressText, offsetInCidr } from './addresses.ts';
import type { Capture, PodSandbox, ProgramCommand } from './capture.ts';
import { openToAll } from './open-to-all.ts';
import { runSandbox, SANDBOX_PATH, sandboxArguments } from './run-sandbox.ts';
import { specificationFile } from './specification-file.ts';

const POD_CIDR = '127.244.0.0/16';
const PROGRAM_BASE = '127.245.0.0';
const PROXY_PORT = 15002;
const FIRST_UID = 200_000;

const NOTES = [
  'Loopback capture: any process of this machine can reach a program directly and go round its proxy, mTLS and policies.',
  'Programs must honour HOST for listening and the proxy variables for calling; Go programs ignore a proxy on loopback.',
  'Hosts outside of the mesh are called by a ServiceEntry only: the proxy is told a name, and passes on no name that nobody declares.',
  'Volumes are not mounted: programs are told their directories in MESHWISE_VOLUME_<NAME>.',
];

/**
 * Capture without any right to namespaces: program and proxy share the host's network, on loopback addresses of their own.
 * The program is told where to listen (HOST) and finds its proxy by the proxy variables; nothing makes it keep to that.
 */
export class LoopbackCapture implements Capture {
  readonly mode = 'loopback';
  readonly rootless = process.getuid?.() !== 0;
  readonly podCidr = POD_CIDR;
  readonly mountsVolumes = false;
  readonly gatewayReach = 'direct';
  readonly notes: readonly string[];
  readonly #runDirectory: string;
  readonly #python: string;
  #separateUsers = false;

  constructor(options: { python: string; runDirectory: string; reason?: string }) {
    this.#python = options.python;
    this.#runDirectory = options.runDirectory;
    this.notes = [...(options.reason === undefined ? [] : [`No network namespaces: ${options.reason}.`]), ...NOTES];
  }

  async start(): Promise<void> {
    await mkdir(this.#runDirectory, { recursive: true, mode: 0o700 });
    // Nothing can be mounted where other users can read it, so programs of a private home run as their owner.
    const root = process.platform === 'linux' && process.getuid?.() === 0;
    this.#separateUsers = root && (await openToAll(process.execPath)) && (await openToAll(SANDBOX_PATH));
  }

  async createPod(pod: { uid: string; namespace: string; name: string; podIp: string }): Promise<PodSandbox> {
    const directory = join(this.#runDirectory, 'pods', pod.uid);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const programIp = addressText(addressNumber(PROGRAM_BASE) + offsetInCidr(pod.podIp, POD_CIDR));
    const tunnelSocketPath = join(directory, 'tunnel.sock');
    return { ...pod, placement: { capture: 'loopback', podIp: pod.podIp, programIp, tunnelSocketPath } };
  }

  async removePod(): Promise<void> {}

  async program(pod: PodSandbox, command: ProgramCommand): Promise<ProgramCommand> {
    const uid = this.programUid(pod.placement);
    if (uid === undefined) return command;
    const directory = join(this.#runDirectory, 'pods', pod.uid);
    const argument = await specificationFile(directory, { ...command, uid, capabilities: [] });
    return { ...command, argv: [this.#python, ...sandboxArguments('run', argument)] };
  }

  async proxy(command: ProgramCommand): Promise<ProgramCommand> {
    const orphanPidFile = join(command.cwd, 'pid');
    const spec = JSON.stringify({ pidFile: orphanPidFile, ...command });
    return { ...command, argv: [this.#python, ...sandboxArguments('run', spec)], orphanPidFile };
  }

  async steer(proxy: { pid: number; first?: number; count: number }): Promise<void> {
    await runSandbox(this.#python, 'steer', proxy);
  }

  programUid({ podIp }: { podIp: string }): number | undefined {
    return this.#separateUsers ? FIRST_UID + offsetInCidr(podIp, POD_CIDR) : undefined;
  }

  environment(pod: PodSandbox): Readonly<Record<string, string>> {
    const proxy = `http://${pod.placement.podIp}:${PROXY_PORT}`;
    return {
      HOST: pod.placement.programIp,
      NODE_USE_ENV_PROXY: '1',
      http_proxy: proxy,
      HTTP_PROXY: proxy,
      no_proxy: '',
      NO_PROXY: '',
    };
  }
}
