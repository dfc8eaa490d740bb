import { createHash } from 'node:crypto';
import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import {
  type AuthorityPlace,
  checkTime,
  isRenewalDue,
  makeIntermediate,
  openIntermediate,
  openRoot,
} from './authority-chain.ts';
import { writeAuthorityFile } from './authority-file.ts';
import type { Issuer } from './certificate-profile.ts';

export interface GenerationOptions {
  readonly directory: string;
  readonly trustDomain: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One root with the intermediates it has signed: the one in use, and those before it whose certificates may still be
 * valid, since a revocation list is signed by whoever signed the certificate (RFC 5280, 5).
 *
 * Files: `root.pem` and `intermediate.pem` of the first generation, `root-2.pem` and `intermediate-2.pem` of the second,
 * and so on; `former-2-<serial>.pem` is an intermediate that was renewed.
 */
export class AuthorityGeneration {
  readonly number: number;
  readonly root: Issuer;
  /** What people tell roots by: the first half of the SHA-256 fingerprint, in hexadecimal. */
  readonly id: string;
  readonly #o: GenerationOptions;
  #intermediate: Issuer | undefined;
  #former: readonly Issuer[];
  #renewal: Promise<void> | undefined;

  private constructor(number: number, root: Issuer, options: GenerationOptions, former: readonly Issuer[]) {
    this.number = number;
    this.root = root;
    this.id = createHash('sha256').update(Buffer.from(root.certificate.rawData)).digest('hex').slice(0, 32);
    this.#o = options;
    this.#former = former;
  }

  /**
   * The generation as it is on disk; its root is made when there is none and `how` says so. An intermediate without its
   * root is a root that was lost, not a first start; a later root without the first is a rotation whose state was lost.
   */
  static async open(
    number: number,
    options: GenerationOptions,
    how: 'make' | 'existing',
  ): Promise<AuthorityGeneration> {
    const rootPlace = placeOf(options, number, 'root');
    const intermediatePlace = placeOf(options, number, 'intermediate');
    // In this order, since another process may be making both, the root first.
    const isExpected =
      how === 'existing' || (await exists(intermediatePlace.file)) || (number === 1 && (await hasLaterRoot(options)));
    if (isExpected && !(await exists(rootPlace.file))) {
      throw new MeshwiseError('MW4002', 'The root is missing', { file: rootPlace.file });
    }
    const root = await openRoot(rootPlace);
    const intermediate = await openIntermediate(intermediatePlace, root);
    const former = await openFormer(options, number, root, intermediate);
    const generation = new AuthorityGeneration(number, root, options, former);
    generation.#intermediate = intermediate;
    return generation;
  }

  get rootPem(): string {
    return pemOf(this.root);
  }

  /** All that may have signed certificates which are still valid. */
  get issuers(): readonly Issuer[] {
    return this.#intermediate === undefined ? this.#former : [this.#intermediate, ...this.#former];
  }

  /** The intermediate to sign with now: made at the first time, and renewed when half of its life is gone. */
  async signer(): Promise<Issuer> {
    this.#renewal ??= this.#makeOrRenew().finally(() => {
      this.#renewal = undefined;
    });
    await this.#renewal;
    const intermediate = this.#intermediate;
    const place = placeOf(this.#o, this.number, 'intermediate');
    if (intermediate === undefined) throw new MeshwiseError('MW4006', 'There is no intermediate', { file: place.file });
    checkTime(placeOf(this.#o, this.number, 'root'), this.root.certificate);
    checkTime(place, intermediate.certificate);
    return intermediate;
  }

  /** Forgets intermediates of which no certificate is valid any more. */
  async forgetFormer(isInUse: (issuer: Issuer) => boolean): Promise<void> {
    for (const issuer of this.#former.filter((one) => !isInUse(one))) {
      await remove(formerFile(this.#o, this.number, issuer));
      this.#former = this.#former.filter((one) => one !== issuer);
    }
  }

  async #makeOrRenew(): Promise<void> {
    const { logger, clock } = this.#o;
    const place = placeOf(this.#o, this.number, 'intermediate');
    const before = this.#intermediate;
    if (before === undefined) {
      this.#intermediate = await makeIntermediate(place, this.root);
      return;
    }
    if (!isRenewalDue(before, this.root, clock.nowMs())) return;
    try {
      // Kept before it is replaced: after a crash between the two it is there twice, which is noticed.
      const file = formerFile(this.#o, this.number, before);
      await writeAuthorityFile(file, before.certificate, before.privateKey, 'replace');
      this.#intermediate = await makeIntermediate(place, this.root);
      this.#former = [before, ...this.#former];
      const notAfter = this.#intermediate.certificate.notAfter.toISOString();
      logger.info('intermediate certificate renewed', { file: place.file, notAfter });
    } catch (error) {
      const { code, message } = MeshwiseError.from(error);
      logger.error('intermediate certificate could not be renewed', { file: place.file, code, message });
    }
  }
}

/** Removes the keys of a generation, the root's last: what is left without its root would be taken for a root that was lost. */
export async function destroyGeneration(number: number, options: GenerationOptions): Promise<void> {
  if (number < 1) return;
  for (const file of await formerFiles(options, number)) await remove(file);
  await remove(placeOf(options, number, 'intermediate').file);
  await remove(placeOf(options, number, 'root').file);
}

export function pemOf(issuer: Issuer): string {
  return `${issuer.certificate.toString('pem')}\n`;
}

function placeOf(options: GenerationOptions, number: number, role: 'root' | 'intermediate'): AuthorityPlace {
  const { directory, trustDomain, clock } = options;
  const name = number === 1 ? `${role}.pem` : `${role}-${number}.pem`;
  return { trustDomain, clock, generation: number, file: join(directory, name) };
}

function formerFile({ directory }: GenerationOptions, number: number, issuer: Issuer): string {
  return join(directory, `former-${number}-${issuer.certificate.serialNumber}.pem`);
}

async function formerFiles({ directory }: GenerationOptions, number: number): Promise<readonly string[]> {
  const names = await readdir(directory);
  const own = names.filter((name) => name.startsWith(`former-${number}-`) && name.endsWith('.pem'));
  return own.map((name) => join(directory, name));
}

async function openFormer(
  options: GenerationOptions,
  number: number,
  root: Issuer,
  current: Issuer | undefined,
): Promise<readonly Issuer[]> {
  const { trustDomain, clock } = options;
  const former: Issuer[] = [];
  for (const file of await formerFiles(options, number)) {
    const issuer = await openIntermediate({ trustDomain, clock, generation: number, file }, root);
    const isCurrent = issuer?.certificate.serialNumber === current?.certificate.serialNumber;
    if (issuer !== undefined && !isCurrent) former.push(issuer);
  }
  return former;
}

async function hasLaterRoot({ directory }: GenerationOptions): Promise<boolean> {
  const names = await readdir(directory).catch((): readonly string[] => []);
  return names.some((name) => /^root-\d+\.pem$/.test(name));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((cause: unknown) => {
    throw new MeshwiseError('MW4006', 'Cannot remove', { file: path }, { cause });
  });
}
