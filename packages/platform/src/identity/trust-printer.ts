import type { AuthorityGeneration } from './authority-generation.ts';
import type { Issuer } from './certificate-profile.ts';
import type { RevokedCertificate } from './revocations.ts';
import { signRevocationList } from './sign-revocation-list.ts';

/** What a proxy needs to judge the certificates of others. */
export interface Trust {
  /** The trusted roots, the one that signs first. */
  readonly caPem: string;
  /** Revocation lists of all intermediates, while anything is revoked. */
  readonly crlPem?: string;
}

/**
 * Prints what is trusted. What has not changed is the same object: a signature is another one each time, and proxies
 * would be told of a list that says the same.
 *
 * As soon as anything is revoked there is a list for every intermediate whose certificates may be valid, an empty one if
 * need be: Envoy refuses certificates for whose issuer it has none.
 */
export class TrustPrinter {
  #content = '';
  #trust: Trust = { caPem: '' };
  readonly #lists = new Map<string, { readonly content: string; readonly pem: string }>();

  async print(
    generations: readonly AuthorityGeneration[],
    revoked: readonly RevokedCertificate[],
    nowMs: number,
  ): Promise<Trust> {
    const caPem = generations.map(({ rootPem }) => rootPem).join('');
    const lists: string[] = [];
    const issuers = revoked.length === 0 ? [] : generations.flatMap(({ issuers }) => issuers);
    for (const issuer of issuers) lists.push(await this.#list(issuer, revoked, nowMs));
    const crlPem = lists.join('');
    const content = caPem + crlPem;
    if (content === this.#content) return this.#trust;
    this.#content = content;
    this.#trust = crlPem === '' ? { caPem } : { caPem, crlPem };
    return this.#trust;
  }

  hasListOf({ certificate }: Issuer): boolean {
    return this.#lists.has(certificate.serialNumber);
  }

  async #list(issuer: Issuer, revoked: readonly RevokedCertificate[], nowMs: number): Promise<string> {
    const { serialNumber } = issuer.certificate;
    const own = revoked.filter((one) => one.issuer === serialNumber);
    const content = own.map((one) => one.serialNumber).join(' ');
    const known = this.#lists.get(serialNumber);
    if (known?.content === content) return known.pem;
    const pem = await signRevocationList(issuer, own, nowMs);
    this.#lists.set(serialNumber, { content, pem });
    return pem;
  }
}
