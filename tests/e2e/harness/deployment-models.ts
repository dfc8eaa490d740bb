import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AttachResponse, PATHS } from '@meshwise/api';
import { eventually } from './eventually.ts';
import { type Answer, send } from './http.ts';
import { ROOT } from './machine.ts';
import type { TestMesh } from './mesh.ts';

export const SAMPLE = join(ROOT, 'samples/deployment-models');

/** What a service of the samples says of itself and of those it asked. */
export interface Said {
  readonly service: string;
  readonly version?: string;
  readonly path?: string;
  readonly error?: string | number;
  readonly calls?: readonly Said[];
}

export async function applySample(mesh: TestMesh, ...files: readonly string[]): Promise<void> {
  await mesh.apply(...(await Promise.all(files.map((file) => readFile(join(SAMPLE, `${file}.yaml`), 'utf8')))));
}

/** Asks through the ingress gateway; a text instead of what a service says where none answered. */
export async function askGateway(mesh: TestMesh, host: string, path = '/'): Promise<Said | string> {
  return said(await send(`${mesh.gateway}${path}`, { headers: { host }, timeoutMs: 10_000 }));
}

export function said({ status, body }: Answer): Said | string {
  return status === 200 ? (JSON.parse(body) as Said) : `${status} ${body}`;
}

/** Waits until every workload but those of `except` is as it should be. */
export async function untilRunning(mesh: TestMesh, names: readonly string[], withinMs = 45_000): Promise<void> {
  await eventually(async () => {
    const { workloads } = await mesh.status();
    for (const name of names) {
      const found = workloads.find((workload) => workload.name === name);
      if (found === undefined || found.podsReady < 1 || found.podsReady !== found.podsDesired) {
        throw new Error(`${name} is not ready: ${found?.reason ?? 'not there'}`);
      }
    }
  }, withinMs);
}

/** As `meshwise proxy attach`. */
export async function attach(mesh: TestMesh, request: object): Promise<AttachResponse> {
  const { status, body } = await mesh.request('POST', PATHS.proxyAttach, request);
  if (status !== 200) throw new Error(body);
  return JSON.parse(body) as AttachResponse;
}

/** A program of the samples beside the mesh, as a user would start it. */
export class Beside {
  readonly #children: ChildProcess[] = [];

  start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
    this.#children.push(child);
    return child;
  }

  node(program: string, port: number, env: Readonly<Record<string, string>>): ChildProcess {
    return this.start(process.execPath, [join(SAMPLE, 'programs', `${program}.mjs`), String(port)], env);
  }

  async end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => this.end(child)));
  }
}

/** Runs the proxyless client: how often which version answered. */
export function countVersions(bootstrapPath: string, target: string, ...args: readonly string[]): Promise<object> {
  return new Promise((resolve, reject) => {
    const argv = [join(SAMPLE, 'programs/grpc-client.mjs'), target, ...args];
    const env = { ...process.env, GRPC_XDS_BOOTSTRAP: bootstrapPath };
    execFile(process.execPath, argv, { env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as object);
      else reject(new Error(`${error.message}\n${stderr}`));
    });
  });
}
