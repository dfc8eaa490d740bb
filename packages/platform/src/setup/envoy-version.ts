import { OLDEST_ENVOY } from './envoy-release.ts';
import { lastWords, type RunCommand } from './run-command.ts';

export type EnvoyProbe = { readonly version: string } | { readonly problem: string };

/**
 * Asks a program whether it is an Envoy that runs here and is new enough. Running it is the only honest check: a file for
 * another processor, or without its C library, looks fine until then.
 */
export async function probeEnvoy(path: string, run: RunCommand, signal?: AbortSignal): Promise<EnvoyProbe> {
  const result = await run(path, ['--version'], signal === undefined ? {} : { signal });
  if (result.status !== 'exited' || result.exitCode !== 0) return { problem: lastWords(result) };
  const version = parseEnvoyVersion(result.stdout);
  if (version === undefined) return { problem: `not an Envoy: ${lastWords(result, 1)}` };
  if (isTooOld(version)) {
    return { problem: `version ${version} is older than ${OLDEST_ENVOY.major}.${OLDEST_ENVOY.minor}` };
  }
  return { version };
}

/** `… version: <commit>/1.40.0/Clean/RELEASE/BoringSSL`. */
export function parseEnvoyVersion(output: string): string | undefined {
  return /\bversion: [0-9a-f]+\/(\d+\.\d+\.\d+[^/\s]*)\//.exec(output)?.[1];
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_ENVOY.major || (major === OLDEST_ENVOY.major && minor < OLDEST_ENVOY.minor);
}
