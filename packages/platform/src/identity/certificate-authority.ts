import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, MeshwiseError, silentLogger } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import {
  type AuthorityPlace,
  checkTime,
  isRenewalDue,
  makeIntermediate,
  openIntermediate,
  openRoot,
} from './authority-chain.ts';
import { createLeaf, type Issuer } from './certificate-profile.ts';
import { generateKeyPair, privateKeyToPem } from './key-pair.ts';
import { checkTrustDomain, formatSpiffeId } from './spiffe-id.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DEFAULT_WORKLOAD_LIFETIME_MS = DAY_MS;
const SHORTEST_WORKLOAD_LIFETIME_MS = MINUTE_MS;
/** Half of an intermediate's life: a leaf must end before the certificate that signed it. */
const LONGEST_WORKLOAD_LIFETIME_MS = 180 * DAY_MS;
/** Proxies on machines whose clocks run a little behind accept a certificate at once. */
const WORKLOAD_BACKDATE_MS = MINUTE_MS;

export interface CertificateAuthorityOptions {
  /** Holds `root.pem` and `intermediate.pem`, made with mode 0700. Back it up: workloads trust this root alone. */
  readonly directory: string;
  /** Istio's `meshConfig.trustDomain`, usually `cluster.local`. */
  readonly trustDomain: string;
  readonly clock: Clock;
  readonly logger?: Logger;
  /**
   * How long a workload certificate lives. Default 24 h, as Istio's DEFAULT_WORKLOAD_CERT_TTL; from 1 minute to 180
   * days. Certificates rotate at 50 to 70 % of it, so when the daemon is gone new connections succeed for at least
   * 30 % of it (7.2 h by default); connections that are open then stay open.
   */
  readonly workloadLifetimeMs?: number;
}

/** A workload's certificate with the key only that workload's proxy may receive. */
export interface IssuedCertificate {
  /** The leaf, then the intermediate: what a TLS server or client presents. The root is not part of it. */
  readonly certificateChainPem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Hexadecimal. */
  readonly serialNumber: string;
}

/**
 * The certificate authority of one trust domain: a root (10 years) that signs an intermediate (1 year, renewed at half
 * its life), which signs SPIFFE X.509-SVIDs for workloads. The root key is used once in half a year; to keep it
 * elsewhere, an organisation brings its own `root.pem` of the same form.
 *
 * Failure. A file that is damaged, readable by others or made for another trust domain stops `open` with an error that
 * says what to do. A renewal that fails leaves the intermediate in use for as long as it is valid.
 */
export class CertificateAuthority {
  readonly trustDomain: string;
  readonly #rootPlace: AuthorityPlace;
  readonly #intermediatePlace: AuthorityPlace;
  readonly #root: Issuer;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #workloadLifetimeMs: number;
  #intermediate: Issuer;
  #renewal: Promise<void> | undefined;

  private constructor(options: CertificateAuthorityOptions, root: Issuer, intermediate: Issuer) {
    this.trustDomain = options.trustDomain;
    this.#rootPlace = placeOf(options, 'root.pem');
    this.#intermediatePlace = placeOf(options, 'intermediate.pem');
    this.#root = root;
    this.#intermediate = intermediate;
    this.#clock = options.clock;
    this.#logger = options.logger ?? silentLogger;
    this.#workloadLifetimeMs = options.workloadLifetimeMs ?? DEFAULT_WORKLOAD_LIFETIME_MS;
  }

  /** Takes over the authority of the directory, or makes one when the directory holds none. */
  static async open(options: CertificateAuthorityOptions): Promise<CertificateAuthority> {
    checkTrustDomain(options.trustDomain);
    checkLifetime(options.workloadLifetimeMs ?? DEFAULT_WORKLOAD_LIFETIME_MS);
    const rootPlace = placeOf(options, 'root.pem');
    const intermediatePlace = placeOf(options, 'intermediate.pem');
    await refuseLostRoot(rootPlace.file, intermediatePlace.file);
    const root = await openRoot(rootPlace);
    const intermediate =
      (await openIntermediate(intermediatePlace, root)) ?? (await makeIntermediate(intermediatePlace, root));
    return new CertificateAuthority(options, root, intermediate);
  }

  /** What workloads trust, in PEM. */
  roots(): { readonly caPem: string } {
    return { caPem: pemOf(this.#root) };
  }

  /** A new key and certificate each time. Refuses identities of other trust domains. */
  async issue(identity: Identity): Promise<IssuedCertificate> {
    const uri = formatSpiffeId(identity);
    if (identity.trustDomain !== this.trustDomain) {
      throw new MeshwiseError('MW4004', 'This authority does not sign for another trust domain', {
        found: identity.trustDomain,
        expected: this.trustDomain,
      });
    }
    await this.#renewWhenDue();
    checkTime(this.#rootPlace, this.#root.certificate);
    checkTime(this.#intermediatePlace, this.#intermediate.certificate);

    const intermediate = this.#intermediate;
    const keys = await generateKeyPair();
    const nowMs = this.#clock.nowMs();
    const certificate = await createLeaf(uri, keys.publicKey, intermediate, {
      notBeforeMs: nowMs - WORKLOAD_BACKDATE_MS,
      notAfterMs: Math.min(nowMs + this.#workloadLifetimeMs, intermediate.certificate.notAfter.getTime()),
    });
    return {
      certificateChainPem: `${certificate.toString('pem')}\n${pemOf(intermediate)}`,
      privateKeyPem: await privateKeyToPem(keys.privateKey),
      notBeforeMs: certificate.notBefore.getTime(),
      notAfterMs: certificate.notAfter.getTime(),
      serialNumber: certificate.serialNumber,
    };
  }

  /** Many certificates may be asked for at once; the intermediate is renewed once. */
  async #renewWhenDue(): Promise<void> {
    if (!isRenewalDue(this.#intermediate, this.#root, this.#clock.nowMs())) return;
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    await this.#renewal;
  }

  async #renew(): Promise<void> {
    try {
      this.#intermediate = await makeIntermediate(this.#intermediatePlace, this.#root);
      const notAfter = this.#intermediate.certificate.notAfter.toISOString();
      this.#logger.info('workload authority renewed', { trustDomain: this.trustDomain, notAfter });
    } catch (error) {
      this.#logger.error('workload authority could not be renewed', { error: MeshwiseError.from(error).toJSON() });
    }
  }
}

function placeOf(options: CertificateAuthorityOptions, file: string): AuthorityPlace {
  return { trustDomain: options.trustDomain, file: join(options.directory, file), clock: options.clock };
}

/**
 * An intermediate without its root is a root that was lost, not a first start. In this order, since another process may
 * be making both, the root first.
 */
async function refuseLostRoot(rootFile: string, intermediateFile: string): Promise<void> {
  if (!(await exists(intermediateFile)) || (await exists(rootFile))) return;
  throw new MeshwiseError('MW4002', 'The root is missing and its intermediate is there', { file: rootFile });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function checkLifetime(workloadLifetimeMs: number): void {
  if (workloadLifetimeMs >= SHORTEST_WORKLOAD_LIFETIME_MS && workloadLifetimeMs <= LONGEST_WORKLOAD_LIFETIME_MS) return;
  throw new MeshwiseError('MW1004', 'Lifetime of workload certificates out of range', {
    field: 'workloadLifetimeMs',
    found: String(workloadLifetimeMs),
    expected: `${SHORTEST_WORKLOAD_LIFETIME_MS} to ${LONGEST_WORKLOAD_LIFETIME_MS}`,
  });
}

function pemOf(issuer: Issuer): string {
  return `${issuer.certificate.toString('pem')}\n`;
}
