import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Clock, ManualClock } from '@meshwise/core';
import { onTestFinished } from 'vitest';
import { CertificateAuthority, type CertificateAuthorityOptions } from './certificate-authority.ts';

/** Helpers of this folder's tests: OpenSSL is the second opinion on every certificate. */
const run = promisify(execFile);

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'meshwise-identity-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export const NOW_MS = Date.UTC(2031, 4, 6, 7, 8, 9);
export const reviews = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'bookinfo-reviews' };

/** An authority in a directory of its own, at `NOW_MS`, unless told otherwise. */
export async function openAuthority<C extends Clock = ManualClock>(
  options: Partial<CertificateAuthorityOptions> & { clock?: C } = {},
) {
  const directory = options.directory ?? join(await temporaryDirectory(), 'ca');
  const clock = (options.clock ?? new ManualClock(NOW_MS)) as C;
  const authority = await CertificateAuthority.open({ trustDomain: 'cluster.local', ...options, directory, clock });
  return { authority, clock, directory };
}

/** The first certificate of a PEM text in OpenSSL's words. */
export async function opensslText(pem: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'certificate.pem');
  await writeFile(file, pem);
  return (await run('openssl', ['x509', '-in', file, '-noout', '-text'])).stdout;
}

/** What `openssl verify` says of a chain under these roots at a time: `OK`, or its complaint. */
export async function opensslVerify(
  chainPem: string,
  caPem: string,
  atMs: number,
  purpose: 'sslclient' | 'sslserver',
): Promise<string> {
  const directory = await temporaryDirectory();
  const leaf = join(directory, 'leaf.pem');
  const chain = join(directory, 'chain.pem');
  const roots = join(directory, 'roots.pem');
  const endOfLeaf = chainPem.indexOf('-----BEGIN', 1);
  await writeFile(leaf, chainPem.slice(0, endOfLeaf));
  await writeFile(chain, chainPem.slice(endOfLeaf));
  await writeFile(roots, caPem);
  const options = ['-x509_strict', '-purpose', purpose, '-attime', String(Math.floor(atMs / 1000))];
  try {
    await run('openssl', ['verify', ...options, '-CAfile', roots, '-untrusted', chain, leaf]);
    return 'OK';
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}
