import type { webcrypto } from 'node:crypto';
import 'reflect-metadata';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import * as x509 from '@peculiar/x509';
import type { Issuer } from './certificate-profile.ts';
import { writeDurably } from './durable-file.ts';
import { isPair, privateKeyFromPem, privateKeyToPem } from './key-pair.ts';

/**
 * One signing certificate with its private key, together in one PEM file: two files could be found after a crash with
 * the certificate of one pair and the key of another. `openssl` reads such files as they are.
 */
const PRIVATE_DIRECTORY_MODE = 0o700;
const OTHERS_MAY = 0o077;

/** Absent when there is no such file; everything that is wrong with an existing one is an error that names it. */
export async function readAuthorityFile(path: string): Promise<Issuer | undefined> {
  const pem = await readPrivate(path);
  if (pem === undefined) return undefined;
  try {
    const certificate = new x509.X509Certificate(certificateBlock(pem));
    const privateKey = await privateKeyFromPem(pem);
    if (await isPair(privateKey, await certificate.publicKey.export())) return { certificate, privateKey };
  } catch (cause) {
    throw new MeshwiseError('MW4002', 'Certificate or key cannot be read', { file: path }, { cause });
  }
  throw new MeshwiseError('MW4002', 'The private key does not belong to the certificate', { file: path });
}

/** `create` leaves an existing file as it is and then returns false. */
export async function writeAuthorityFile(
  path: string,
  certificate: x509.X509Certificate,
  privateKey: webcrypto.CryptoKey,
  how: 'create' | 'replace',
): Promise<boolean> {
  const content = `${certificate.toString('pem')}\n${await privateKeyToPem(privateKey)}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    return await writeDurably(path, content, how);
  } catch (cause) {
    throw new MeshwiseError('MW4006', 'Cannot write', { file: path }, { cause });
  }
}

/** As `ssh` does, a key that others may read is refused instead of tightened: it may have been read already. */
async function readPrivate(path: string): Promise<string | undefined> {
  let mode: number;
  let pem: string;
  try {
    mode = (await stat(path)).mode;
    pem = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new MeshwiseError('MW4006', 'Cannot read', { file: path }, { cause });
  }
  if ((mode & OTHERS_MAY) !== 0) {
    const found = `mode ${(mode & 0o777).toString(8)}`;
    throw new MeshwiseError('MW4003', 'Others may read this private key', { file: path, found, expected: 'mode 600' });
  }
  return pem;
}

function certificateBlock(pem: string): string {
  const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0];
  if (block === undefined) throw new MeshwiseError('MW4002', 'No certificate found');
  return block;
}
