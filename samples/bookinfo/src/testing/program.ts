/** Starts a service as the process it really is, on a free port, and says where it listens. Test support only. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Program {
  readonly url: string;
  readonly port: number;
  /** What it has written so far, without the start line. */
  readonly output: () => string;
  /** Sends SIGTERM and resolves with the exit code and the time it took. */
  readonly stop: () => Promise<{ readonly exitCode: number | null; readonly tookMs: number }>;
}

export interface Implementation {
  readonly language: string;
  /** Command and its first arguments; undefined when the language is not installed here. */
  readonly command: () => readonly string[] | undefined;
}

const sample = fileURLToPath(new URL('../../', import.meta.url));
const goEnv = { ...process.env, GOTOOLCHAIN: 'local', GOPROXY: 'off' };
const node = join(sample, '../../node_modules/.bin/node');

/** A test that fails before it stops its program must not leave it running. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function typescript(service: string): Implementation {
  return { language: 'TypeScript', command: () => [node, join(sample, `src/${service}/main.ts`)] };
}

export function python(service: string): Implementation {
  const command = () => (runs('python3', '--version') ? ['python3', join(sample, `python/${service}.py`)] : undefined);
  return { language: 'Python', command };
}

export function go(service: string): Implementation {
  return { language: 'Go', command: () => (runs('go', 'version') ? [buildGo(service)] : undefined) };
}

export async function startProgram(command: readonly string[], env: Record<string, string> = {}): Promise<Program> {
  const [file = '', ...args] = command;
  const child = spawn(file, [...args, '0'], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let written = '';
  child.stderr.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout });
  const started = await Promise.race([
    once(lines, 'line') as Promise<[string]>,
    once(child, 'exit').then(([code]) => {
      throw new Error(`ended with ${code}: ${written}`);
    }),
  ]);
  lines.on('line', (line) => {
    written += `${line}\n`;
  });
  const { port } = JSON.parse(started[0]) as { port: number };
  return { url: `http://127.0.0.1:${port}`, port, output: () => written, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<{ exitCode: number | null; tookMs: number }> {
  const startMs = performance.now();
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  return { exitCode: child.exitCode, tookMs: performance.now() - startMs };
}

function runs(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}

/** What a Go folder's own tests say; they move the clock, which a test from outside cannot. */
export function runGoTests(service: string): string {
  return execFileSync('go', ['test', '-vet=off', '.'], {
    cwd: join(sample, 'go', service),
    env: goEnv,
    encoding: 'utf8',
  });
}

/** Built once for every state of the sources. */
function buildGo(service: string): string {
  const folder = join(sample, 'go', service);
  const sources = readdirSync(folder).sort();
  const hash = createHash('sha256');
  for (const name of sources) hash.update(name).update(readFileSync(join(folder, name)));
  const binary = join(tmpdir(), `meshwise-bookinfo-${service}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(binary)) return binary;
  const building = `${binary}.${process.pid}`;
  execFileSync('go', ['build', '-o', building, '.'], { cwd: folder, env: goEnv });
  renameSync(building, binary);
  return binary;
}
