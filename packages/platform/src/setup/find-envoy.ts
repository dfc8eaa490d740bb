import { resolve } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import { cachedEnvoyPath } from './envoy-cache.ts';
import type { EnvoyRelease } from './envoy-release.ts';
import { probeEnvoy } from './envoy-version.ts';
import { findOnPath, isExecutable } from './find-on-path.ts';
import type { RunCommand } from './run-command.ts';

/** Where an Envoy came from: named by MESHWISE_ENVOY, on PATH, in the cache, or fetched just now. */
export type EnvoySource = 'environment' | 'path' | 'cache' | 'download';

export interface Envoy {
  /** Absolute. */
  readonly path: string;
  readonly version: string;
  readonly source: EnvoySource;
}

/** One line of what set-up does, for stderr. */
export interface SetupProgress {
  readonly step: 'skipped' | 'downloading' | 'verifying' | 'unpacking' | 'ready';
  readonly message: string;
}

export interface SetupContext {
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: string;
  readonly arch: string;
  readonly release: EnvoyRelease;
  readonly run: RunCommand;
  readonly onProgress: (progress: SetupProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The Envoy that is there already: MESHWISE_ENVOY, then PATH, then the cache. What the user named must work or is an
 * error; what merely lies around and does not work is passed over, and said so.
 */
export async function findEnvoy(context: SetupContext): Promise<Envoy | undefined> {
  const named = context.env['MESHWISE_ENVOY'];
  if (named !== undefined && named !== '') return namedEnvoy(resolve(named), context);

  const onPath = await findOnPath('envoy', context.env);
  const cached = cachedEnvoyPath(context.cacheDir, context.release);
  return (await tryEnvoy(onPath, 'path', context)) ?? (await tryEnvoy(cached, 'cache', context));
}

async function namedEnvoy(path: string, context: SetupContext): Promise<Envoy> {
  const probe = await probeEnvoy(path, context.run, context.signal);
  if ('version' in probe) return { path, version: probe.version, source: 'environment' };
  throw new MeshwiseError('MW3055', 'The Envoy named by MESHWISE_ENVOY does not work', {
    file: path,
    found: probe.problem,
    advice: 'Correct MESHWISE_ENVOY, or unset it to let Meshwise fetch its own Envoy.',
  });
}

async function tryEnvoy(
  path: string | undefined,
  source: 'path' | 'cache',
  context: SetupContext,
): Promise<Envoy | undefined> {
  if (path === undefined || !(await isExecutable(path))) return undefined;
  const probe = await probeEnvoy(path, context.run, context.signal);
  if ('version' in probe) return { path, version: probe.version, source };
  context.onProgress({ step: 'skipped', message: `${path} is not used: ${probe.problem}` });
  return undefined;
}
