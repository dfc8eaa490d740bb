import { readFile } from 'node:fs/promises';
import { MeshwiseError } from '@meshwise/core';
import { writeDurably } from './durable-file.ts';

/** A certificate that was taken back before its end. */
export interface RevokedCertificate {
  readonly serialNumber: string;
  readonly spiffeId: string;
  /** Serial number of the intermediate that signed it, which signs the list. */
  readonly issuer: string;
  readonly notAfterMs: number;
  readonly revokedAtMs: number;
}

interface Stored {
  readonly certificates: readonly RevokedCertificate[];
  /** Identities that get no certificate any more. */
  readonly identities: readonly { readonly spiffeId: string; readonly revokedAtMs: number }[];
}

/** What was revoked, on disk as one file that is replaced as a whole. Certificates leave it when they end. */
export class Revocations {
  readonly #file: string;
  #stored: Stored;
  #serialNumbers: ReadonlySet<string>;

  private constructor(file: string, stored: Stored) {
    this.#file = file;
    this.#stored = stored;
    this.#serialNumbers = serialNumbersOf(stored);
  }

  static async open(file: string): Promise<Revocations> {
    return new Revocations(file, await read(file));
  }

  get certificates(): readonly RevokedCertificate[] {
    return this.#stored.certificates;
  }

  isRevoked(serialNumber: string): boolean {
    return this.#serialNumbers.has(serialNumber);
  }

  /** The identity gets no certificate any more. */
  isOut(spiffeId: string): boolean {
    return this.#stored.identities.some((one) => one.spiffeId === spiffeId);
  }

  get out(): readonly string[] {
    return this.#stored.identities.map(({ spiffeId }) => spiffeId);
  }

  async revoke(revoked: readonly RevokedCertificate[]): Promise<void> {
    const added = revoked.filter(({ serialNumber }) => !this.isRevoked(serialNumber));
    if (added.length > 0) await this.#write({ ...this.#stored, certificates: [...this.certificates, ...added] });
  }

  async shutOut(spiffeId: string, revokedAtMs: number): Promise<void> {
    if (this.isOut(spiffeId)) return;
    await this.#write({ ...this.#stored, identities: [...this.#stored.identities, { spiffeId, revokedAtMs }] });
  }

  async readmit(spiffeId: string): Promise<void> {
    const identities = this.#stored.identities.filter((one) => one.spiffeId !== spiffeId);
    if (identities.length < this.#stored.identities.length) await this.#write({ ...this.#stored, identities });
  }

  /** Forgets certificates that have ended; nobody accepts them anyway. */
  async prune(nowMs: number): Promise<void> {
    const certificates = this.certificates.filter(({ notAfterMs }) => notAfterMs > nowMs);
    if (certificates.length < this.certificates.length) await this.#write({ ...this.#stored, certificates });
  }

  async #write(stored: Stored): Promise<void> {
    try {
      await writeDurably(this.#file, `${JSON.stringify(stored)}\n`, 'replace');
    } catch (cause) {
      throw new MeshwiseError('MW4006', 'Cannot write', { file: this.#file }, { cause });
    }
    this.#stored = stored;
    this.#serialNumbers = serialNumbersOf(stored);
  }
}

function serialNumbersOf({ certificates }: Stored): ReadonlySet<string> {
  return new Set(certificates.map(({ serialNumber }) => serialNumber));
}

async function read(file: string): Promise<Stored> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { certificates: [], identities: [] };
    throw new MeshwiseError('MW4006', 'Cannot read', { file }, { cause });
  }
  const stored = parse(text);
  if (stored !== undefined) return stored;
  throw new MeshwiseError('MW4002', 'The revocations cannot be read', {
    file,
    advice:
      'Restore the file from a backup. To start without it, delete it: whatever was revoked is then accepted again.',
  });
}

function parse(text: string): Stored | undefined {
  try {
    const { certificates, identities } = JSON.parse(text) as Partial<Stored>;
    return Array.isArray(certificates) && Array.isArray(identities) ? { certificates, identities } : undefined;
  } catch {
    return undefined;
  }
}
