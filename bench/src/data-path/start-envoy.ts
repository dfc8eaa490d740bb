import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { adminRequest } from '@meshwise/platform';
import { pinned } from '../processes/line-process.ts';

export interface RunningEnvoy {
  readonly pid: number;
  readonly adminSocketPath: string;
  stop(): Promise<void>;
}

export interface EnvoyOptions {
  readonly envoyPath: string;
  readonly directory: string;
  readonly name: string;
  readonly configPath: string;
  readonly cores: string | undefined;
}

const READY_MS = 30_000;

/** An Envoy with the flags that the platform gives to sidecars, without hot restart. The admin socket is `<name>.admin`. */
export async function startEnvoy(options: EnvoyOptions): Promise<RunningEnvoy> {
  const { envoyPath, directory, name, configPath, cores } = options;
  const logPath = `${directory}/${name}.log`;
  const log = openSync(logPath, 'w');
  const flags = ['--concurrency', '1', '--disable-hot-restart', '--drain-time-s', '5', '--log-level', 'warning'];
  const [program = '', ...args] = pinned([envoyPath, '-c', configPath, ...flags], cores);
  const child = spawn(program, args, { stdio: ['ignore', log, log] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const adminSocketPath = `${directory}/${name}.admin`;
  const untilMs = performance.now() + READY_MS;
  for (;;) {
    const { body } = await adminRequest(adminSocketPath, '/ready').catch(() => ({ body: '' }));
    if (body.includes('LIVE')) break;
    if (child.exitCode !== null || performance.now() > untilMs) {
      child.kill('SIGKILL');
      throw new Error(`${name} is not ready: ${await readFile(logPath, 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    pid: child.pid ?? 0,
    adminSocketPath,
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Value of a counter; 0 while it does not exist. All of those that the pattern matches are added up. */
export async function counter(envoy: RunningEnvoy, pattern: string): Promise<number> {
  const { body } = await adminRequest(envoy.adminSocketPath, `/stats?filter=${encodeURIComponent(pattern)}`);
  return [...body.matchAll(/: ([0-9]+)$/gm)].reduce((sum, [, value]) => sum + Number(value), 0);
}
