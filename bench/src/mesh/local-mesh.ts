import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPortFree, locateEnvoy } from '@meshwise/platform';
import { firstSuccess } from './first-success.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DAEMON = join(ROOT, 'apps/server/src/main.ts');
const CLI = join(ROOT, 'apps/cli/bin/meshwise.mjs');
const GATEWAY_PORT = 19_680;
const API_PORT = 19_681;
const START_MS = 120_000;

/** BookInfo on a state directory of its own, started and stopped as often as needed. */
export class LocalMesh {
  readonly home: string;
  readonly #envoyPath: string;
  #daemon: ChildProcess | undefined;

  private constructor(home: string, envoyPath: string) {
    this.home = home;
    this.#envoyPath = envoyPath;
  }

  static async create(): Promise<LocalMesh> {
    const envoy = await locateEnvoy();
    if (envoy === undefined)
      throw new Error('no Envoy in the cache: this bench measures a warm start; run `npm start` once');
    for (const port of [GATEWAY_PORT, API_PORT]) {
      if (!(await isPortFree(port))) throw new Error(`port ${port} is taken; an earlier bench may still run`);
    }
    return new LocalMesh(await mkdtemp(join(tmpdir(), 'mw-bench-home-')), envoy.path);
  }

  get url(): string {
    return `http://127.0.0.1:${GATEWAY_PORT}/productpage`;
  }

  get daemonPid(): number {
    return this.#daemon?.pid ?? 0;
  }

  /** Starts the daemon and returns the milliseconds until the gateway first answered 200. */
  async startDaemon(): Promise<number> {
    const startMs = performance.now();
    const log = openSync(join(this.home, 'bench-daemon.log'), 'a');
    const request = {
      ...{ home: this.home, capture: 'auto', sample: 'bookinfo' },
      ...{ gatewayPort: GATEWAY_PORT, apiPort: API_PORT },
    };
    this.#daemon = spawn(process.execPath, [DAEMON], {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...this.#environment(), MESHWISE_DAEMON: JSON.stringify(request) },
    });
    closeSync(log);
    await firstSuccess(this.url, START_MS);
    return performance.now() - startMs;
  }

  /** Starts by `meshwise up --detach`; milliseconds until the first 200 and until the command was done. */
  async startByCommand(): Promise<{ readonly answeredMs: number; readonly returnedMs: number }> {
    const startMs = performance.now();
    const ports = ['--gateway-port', String(GATEWAY_PORT), '--api-port', String(API_PORT)];
    const returned = this.#meshwise(['up', '--detach', '--sample', 'bookinfo', ...ports]);
    const [answeredMs, returnedMs] = await Promise.all([
      firstSuccess(this.url, START_MS).then(() => performance.now() - startMs),
      returned.then(() => performance.now() - startMs),
    ]);
    return { answeredMs, returnedMs };
  }

  async stop(): Promise<void> {
    await this.#meshwise(['down']);
    this.#daemon = undefined;
  }

  async remove(): Promise<void> {
    await this.stop().catch(() => {});
    await rm(this.home, { recursive: true, force: true });
  }

  /** Pids of running processes by the ids under which the platform keeps them, such as `envoy-<pod>-e0`. */
  async processes(): Promise<ReadonlyMap<string, number>> {
    const directory = join(this.home, 'run/processes');
    const files = (await readdir(directory)).filter((file) => file.endsWith('.json'));
    const records = await Promise.all(
      files.map(
        async (file) => JSON.parse(await readFile(join(directory, file), 'utf8')) as { id: string; pid: number },
      ),
    );
    return new Map(records.map(({ id, pid }) => [id, pid]));
  }

  /** Pids of the proxies by their role, as their bootstrap says. */
  async proxies(): Promise<Readonly<Record<'sidecar' | 'gateway', readonly number[]>>> {
    const envoys = [...(await this.processes())].filter(([id]) => id.startsWith('envoy-'));
    const roles = await Promise.all(envoys.map(async ([, pid]) => ({ pid, isSidecar: await isSidecar(pid) })));
    return {
      sidecar: roles.filter((one) => one.isSidecar).map(({ pid }) => pid),
      gateway: roles.filter((one) => !one.isSidecar).map(({ pid }) => pid),
    };
  }

  #environment(): NodeJS.ProcessEnv {
    const path = [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
    return { ...process.env, PATH: path, MESHWISE_HOME: this.home, MESHWISE_ENVOY: this.#envoyPath };
  }

  #meshwise(args: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CLI, ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: this.#environment(),
      });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      child.once('error', reject);
      child.once('exit', (code) =>
        code === 0
          ? resolve()
          : reject(new Error(`meshwise ${args.join(' ')} ended with ${code}: ${said.slice(-2_000)}`)),
      );
    });
  }
}

async function isSidecar(pid: number): Promise<boolean> {
  const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  const bootstrap = JSON.parse(await readFile(argv[argv.indexOf('-c') + 1] ?? '', 'utf8')) as { node: { id: string } };
  return bootstrap.node.id.startsWith('sidecar~');
}
