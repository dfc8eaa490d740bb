import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { JsonObject } from '@meshwise/resources';
import { envoyPath } from '../../testing/envoy-path.ts';

/** The Envoy of this machine. Tests that need one are skipped by name without. */
export const ENVOY: string | undefined = envoyPath();

export interface RunningEnvoy {
  readonly adminSocketPath: string;
  /** GET on the administration interface; the body. */
  admin(path: string): Promise<string>;
  /** Value of a counter or gauge; 0 while it does not exist. */
  stat(name: string): Promise<number>;
  log(): string;
  /** What it has written to its standard output: access logs. */
  output(): string;
  readonly exited: boolean;
  stop(): Promise<void>;
}

export interface EnvoyOptions {
  readonly directory: string;
  readonly name: string;
  readonly bootstrap: JsonObject;
  readonly adminSocketPath: string;
  /** Wraps the command line, to start it in a namespace. */
  readonly wrap?: ((argv: readonly string[]) => readonly string[]) | undefined;
  /** Added to this process's own. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Which process of which line of hot restarts it is. Without: it takes over from nobody. */
  readonly hotRestart?: { readonly baseId: number; readonly epoch: number } | undefined;
}

export function startEnvoy(options: EnvoyOptions): RunningEnvoy {
  if (ENVOY === undefined) throw new Error('no envoy');
  const configPath = join(options.directory, `${options.name}.json`);
  writeFileSync(configPath, JSON.stringify(options.bootstrap), { mode: 0o600 });
  const { hotRestart } = options;
  const restartFlags =
    hotRestart === undefined
      ? ['--disable-hot-restart']
      : [
          '--base-id',
          String(hotRestart.baseId),
          '--restart-epoch',
          String(hotRestart.epoch),
          '--parent-shutdown-time-s',
          '2',
        ];
  const flags = [
    '--concurrency',
    '1',
    '--drain-time-s',
    '1',
    '--log-level',
    'warning',
    '--file-flush-interval-msec',
    '50',
  ];
  const argv = [ENVOY, '-c', configPath, ...flags, ...restartFlags];
  const [program = ENVOY, ...args] = options.wrap?.(argv) ?? argv;
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  });
  let log = '';
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const admin = (path: string) => adminGet(options.adminSocketPath, path);
  return {
    adminSocketPath: options.adminSocketPath,
    admin,
    async stat(name) {
      const text = await admin(`/stats?filter=^${encodeURIComponent(escapeRegExp(name))}$`);
      return Number(/: ([0-9]+)/.exec(text)?.[1] ?? 0);
    },
    log: () => log,
    output: () => output,
    get exited() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    async stop() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function adminGet(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
