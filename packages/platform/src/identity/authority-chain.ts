import { type Clock, MeshwiseError } from '@meshwise/core';
import type { X509Certificate } from '@peculiar/x509';
import { readAuthorityFile, writeAuthorityFile } from './authority-file.ts';
import { createIntermediate, createRoot, type Issuer, type Validity } from './certificate-profile.ts';
import { generateKeyPair } from './key-pair.ts';
import { uriNames } from './read-certificates.ts';
import { trustDomainId } from './spiffe-id.ts';

const DAY_MS = 24 * 3_600_000;
const ROOT_LIFETIME_MS = 3650 * DAY_MS;
const INTERMEDIATE_LIFETIME_MS = 365 * DAY_MS;
/** A machine whose clock is corrected after the first start must not find its own authority "not yet valid". */
const SIGNING_BACKDATE_MS = DAY_MS;

/** Where an authority stands: what it is for and which file holds it. */
export interface AuthorityPlace {
  readonly trustDomain: string;
  readonly file: string;
  readonly clock: Clock;
  /** Counts the roots of one authority, from 1; in the names of signing certificates, where it tells them apart. */
  readonly generation: number;
}

/**
 * The root as it is on disk, or a new one when there is none. Never a new one in place of one that cannot be used:
 * every workload of the mesh trusts the old one, and losing it is the user's decision.
 */
export async function openRoot(place: AuthorityPlace): Promise<Issuer> {
  const root = (await readAuthorityFile(place.file)) ?? (await makeRoot(place));
  await checkAuthority(place, root.certificate, root.certificate, 'root');
  return root;
}

/** The intermediate as it is on disk, checked against the root; absent when there is none. */
export async function openIntermediate(place: AuthorityPlace, root: Issuer): Promise<Issuer | undefined> {
  const intermediate = await readAuthorityFile(place.file);
  if (intermediate === undefined) return undefined;
  await checkAuthority(place, intermediate.certificate, root.certificate, 'intermediate');
  return intermediate;
}

/** A new intermediate with a new key, on disk before anything is signed with it. */
export async function makeIntermediate(place: AuthorityPlace, root: Issuer): Promise<Issuer> {
  checkTime(place, root.certificate);
  const keys = await generateKeyPair();
  const validity = validFor(place.clock, INTERMEDIATE_LIFETIME_MS, root.certificate.notAfter.getTime());
  const uri = trustDomainId(place.trustDomain);
  const certificate = await createIntermediate(place, uri, keys.publicKey, root, validity);
  await writeAuthorityFile(place.file, certificate, keys.privateKey, 'replace');
  return { certificate, privateKey: keys.privateKey };
}

/** Half of its life is gone and a new one would last longer: the same rule at which workloads renew at the earliest. */
export function isRenewalDue(intermediate: Issuer, root: Issuer, nowMs: number): boolean {
  const notBeforeMs = intermediate.certificate.notBefore.getTime();
  const notAfterMs = intermediate.certificate.notAfter.getTime();
  return nowMs >= (notBeforeMs + notAfterMs) / 2 && notAfterMs < root.certificate.notAfter.getTime();
}

/** Refuses a signing certificate outside its time, with the two causes a user can do something about. */
export function checkTime(place: AuthorityPlace, certificate: X509Certificate): void {
  const nowMs = place.clock.nowMs();
  if (nowMs >= certificate.notBefore.getTime() && nowMs < certificate.notAfter.getTime()) return;
  const expected = `${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}`;
  const found = new Date(nowMs).toISOString();
  throw new MeshwiseError('MW4005', 'The authority is not valid now', { file: place.file, found, expected });
}

/** Two processes may get here at once: the one whose file is there first made the root, the other takes it over. */
async function makeRoot(place: AuthorityPlace): Promise<Issuer> {
  const keys = await generateKeyPair();
  const uri = trustDomainId(place.trustDomain);
  const certificate = await createRoot(place, uri, keys, validFor(place.clock, ROOT_LIFETIME_MS));
  const created = await writeAuthorityFile(place.file, certificate, keys.privateKey, 'create');
  if (created) return { certificate, privateKey: keys.privateKey };
  const other = await readAuthorityFile(place.file);
  if (other === undefined)
    throw new MeshwiseError('MW4006', 'The root vanished while it was read', { file: place.file });
  return other;
}

async function checkAuthority(
  place: AuthorityPlace,
  certificate: X509Certificate,
  signer: X509Certificate,
  role: 'root' | 'intermediate',
): Promise<void> {
  const found = uriNames(certificate).join(', ') || 'none';
  const expected = trustDomainId(place.trustDomain);
  if (found !== expected) {
    throw new MeshwiseError('MW4004', 'Made for another trust domain', { file: place.file, found, expected });
  }
  const signed = await certificate.verify({ publicKey: signer.publicKey, signatureOnly: true });
  if (!signed) throw new MeshwiseError('MW4002', SIGNATURE_PROBLEM[role], { file: place.file, ...ADVICE[role] });
  if (role === 'root') checkTime(place, certificate);
}

const SIGNATURE_PROBLEM = {
  root: 'The root is not signed by itself',
  intermediate: 'The intermediate is not signed by the root beside it',
} as const;

const ADVICE = {
  root: {},
  intermediate: {
    advice:
      'Restore root.pem and intermediate.pem from the same backup. If root.pem is the right one, delete intermediate.pem: the root signs a new one.',
  },
} as const;

function validFor(clock: Clock, lifetimeMs: number, notLaterThanMs = Number.POSITIVE_INFINITY): Validity {
  const nowMs = clock.nowMs();
  return { notBeforeMs: nowMs - SIGNING_BACKDATE_MS, notAfterMs: Math.min(nowMs + lifetimeMs, notLaterThanMs) };
}
