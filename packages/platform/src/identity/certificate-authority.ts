import { join } from 'node:path';
import { type Clock, type Logger, MeshwiseError, silentLogger } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import { pemOf } from './authority-generation.ts';
import { AuthorityRoots, type RotationPhase, type RotationStep, type TrustedRoot } from './authority-roots.ts';
import { createLeaf, type Issuer } from './certificate-profile.ts';
import { IssuedLedger, type IssuedRecord } from './issued-ledger.ts';
import { generateKeyPair, privateKeyToPem } from './key-pair.ts';
import { Revocations } from './revocations.ts';
import { checkTrustDomain, formatSpiffeId } from './spiffe-id.ts';
import { type Trust, TrustPrinter } from './trust-printer.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DEFAULT_WORKLOAD_LIFETIME_MS = DAY_MS;
const SHORTEST_WORKLOAD_LIFETIME_MS = MINUTE_MS;
/** Half of an intermediate's life: a leaf must end before the certificate that signed it. */
const LONGEST_WORKLOAD_LIFETIME_MS = 180 * DAY_MS;
/** Proxies on machines whose clocks run a little behind accept a certificate at once. */
const WORKLOAD_BACKDATE_MS = MINUTE_MS;
/** By then every proxy that runs knows a new revocation list. */
const LIST_AHEAD_MS = 5_000;

const DONE: Promise<void> = Promise.resolve();

export interface CertificateAuthorityOptions {
  /** Holds the keys of roots and intermediates, made with mode 0700. Back it up: workloads trust these roots alone. */
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
  /** Id of the root above it. */
  readonly root: string;
}

/**
 * The certificate authority of one trust domain: a root (10 years) that signs an intermediate (1 year, renewed at half
 * its life), which signs SPIFFE X.509-SVIDs for workloads. The root key is used once in half a year; to keep it
 * elsewhere, an organisation brings its own `root.pem` of the same form. A root is exchanged in three steps
 * (`AuthorityRoots`); certificates are taken back by revocation lists (`TrustPrinter`).
 *
 * Failure. A file that is damaged, readable by others or made for another trust domain stops `open` with an error that
 * says what to do. A renewal that fails leaves the intermediate in use for as long as it is valid.
 */
export class CertificateAuthority {
  readonly trustDomain: string;
  readonly workloadLifetimeMs: number;
  readonly #roots: AuthorityRoots;
  readonly #ledger: IssuedLedger;
  readonly #revocations: Revocations;
  readonly #printer = new TrustPrinter();
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #trust: Trust = { caPem: '' };
  #turn: Promise<unknown> = Promise.resolve();
  readonly #ahead = new Map<string, Promise<void>>();

  private constructor(
    options: CertificateAuthorityOptions,
    roots: AuthorityRoots,
    ledger: IssuedLedger,
    revocations: Revocations,
  ) {
    this.trustDomain = options.trustDomain;
    this.workloadLifetimeMs = options.workloadLifetimeMs ?? DEFAULT_WORKLOAD_LIFETIME_MS;
    this.#clock = options.clock;
    this.#roots = roots;
    this.#ledger = ledger;
    this.#revocations = revocations;
  }

  /** Takes over the authority of the directory, or makes one when the directory holds none. */
  static async open(options: CertificateAuthorityOptions): Promise<CertificateAuthority> {
    const { directory, clock, logger = silentLogger } = options;
    checkTrustDomain(options.trustDomain);
    checkLifetime(options.workloadLifetimeMs ?? DEFAULT_WORKLOAD_LIFETIME_MS);
    const roots = await AuthorityRoots.open({ directory, trustDomain: options.trustDomain, clock, logger });
    const ledger = await IssuedLedger.open(join(directory, 'issued.jsonl'), clock, logger);
    const revocations = await Revocations.open(join(directory, 'revoked.json'));
    const authority = new CertificateAuthority(options, roots, ledger, revocations);
    await authority.sweep();
    return authority;
  }

  /** What workloads trust, in PEM: the roots, and the lists of what is revoked while there is anything. */
  roots(): Trust {
    return this.#trust;
  }

  get phase(): RotationPhase {
    return this.#roots.phase;
  }

  /** Id of the root that signs. */
  get signingRoot(): string {
    return this.#roots.signing.id;
  }

  trustedRoots(): readonly TrustedRoot[] {
    return this.#roots.list();
  }

  /** Calls back after `roots` changed. The returned function unsubscribes. */
  onTrustChange(callback: () => void): () => void {
    const listener = () => callback();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A new key and certificate each time. Refuses identities of other trust domains, and those that are shut out. The
   * certificate is written down before it is handed out.
   */
  async issue(identity: Identity, use: IssuedRecord['use'] = 'proxy'): Promise<IssuedCertificate> {
    const spiffeId = formatSpiffeId(identity);
    if (identity.trustDomain !== this.trustDomain) {
      throw new MeshwiseError('MW4004', 'This authority does not sign for another trust domain', {
        found: identity.trustDomain,
        expected: this.trustDomain,
      });
    }
    this.#refuseWhenOut(spiffeId);
    const generation = this.#roots.signing;
    const intermediate = await generation.signer();
    await this.#untilListed(intermediate);
    const keys = await generateKeyPair();
    const nowMs = this.#clock.nowMs();
    const certificate = await createLeaf(spiffeId, keys.publicKey, intermediate, {
      notBeforeMs: nowMs - WORKLOAD_BACKDATE_MS,
      notAfterMs: Math.min(nowMs + this.workloadLifetimeMs, intermediate.certificate.notAfter.getTime()),
    });
    const facts = {
      notBeforeMs: certificate.notBefore.getTime(),
      notAfterMs: certificate.notAfter.getTime(),
      serialNumber: certificate.serialNumber,
      root: generation.id,
    };
    await this.#ledger.remember({ ...facts, spiffeId, issuer: intermediate.certificate.serialNumber, use });
    this.#refuseWhenOut(spiffeId);
    const certificateChainPem = `${certificate.toString('pem')}\n${pemOf(intermediate)}`;
    return { ...facts, certificateChainPem, privateKeyPem: await privateKeyToPem(keys.privateKey) };
  }

  /** Certificates that have not ended, of one identity or of all; those of roots that are trusted no longer too. */
  issued(spiffeId?: string): readonly (IssuedRecord & { readonly isRevoked: boolean })[] {
    return this.#ledger.live(spiffeId).map((record) => ({ ...record, isRevoked: this.isRevoked(record.serialNumber) }));
  }

  findIssued(serialNumber: string): IssuedRecord | undefined {
    return this.#ledger.find(serialNumber);
  }

  isRevoked(serialNumber: string): boolean {
    return this.#revocations.isRevoked(serialNumber);
  }

  /** True for an identity that gets no certificate any more. */
  isOut(identity: Identity): boolean {
    return this.#revocations.isOut(formatSpiffeId(identity));
  }

  /** Identities that get no certificate any more. */
  get out(): readonly string[] {
    return this.#revocations.out;
  }

  /** One step of exchanging the root; repeating it changes nothing. Resolves when `roots` says so. */
  async rotate(step: RotationStep): Promise<void> {
    await this.#inTurn(async () => {
      await this.#roots[step]();
      await this.#publish();
    });
  }

  /**
   * Writes down that certificates are revoked. Nobody is told before `publishRevocations`, so that whoever uses them can
   * get others first; a daemon that ends in between tells everybody when it starts.
   */
  async revoke(records: readonly IssuedRecord[]): Promise<void> {
    const revokedAtMs = this.#clock.nowMs();
    const revoked = records.map(({ serialNumber, spiffeId, issuer, notAfterMs }) => ({
      ...{ serialNumber, spiffeId, issuer, notAfterMs, revokedAtMs },
    }));
    await this.#inTurn(() => this.#revocations.revoke(revoked));
  }

  async publishRevocations(): Promise<void> {
    await this.#inTurn(() => this.#publish());
  }

  /** The identity gets no certificate any more, until it is readmitted. */
  async shutOut(identity: Identity): Promise<void> {
    await this.#inTurn(() => this.#revocations.shutOut(formatSpiffeId(identity), this.#clock.nowMs()));
  }

  async readmit(identity: Identity): Promise<void> {
    await this.#inTurn(() => this.#revocations.readmit(formatSpiffeId(identity)));
  }

  /** Forgets what has ended. To be called now and then. */
  async sweep(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#ledger.prune();
      await this.#revocations.prune(this.#clock.nowMs());
      const inUse = new Set(this.#ledger.live().map(({ issuer }) => issuer));
      for (const generation of this.#roots.trusted) {
        await generation.forgetFormer(({ certificate }) => inUse.has(certificate.serialNumber));
      }
      await this.#publish();
    });
  }

  async #publish(): Promise<void> {
    const before = this.#trust;
    const revoked = this.#revocations.certificates;
    this.#trust = await this.#printer.print(this.#roots.trusted, revoked, this.#clock.nowMs());
    if (this.#trust !== before) for (const listener of this.#listeners) listener();
  }

  /**
   * While anything is revoked, proxies refuse certificates of an intermediate whose list they do not have: that of a
   * renewed one is sent out ahead of its first certificate.
   */
  #untilListed(issuer: Issuer): Promise<void> {
    const { serialNumber } = issuer.certificate;
    const known = this.#ahead.get(serialNumber);
    if (known !== undefined) return known;
    if (this.#trust.crlPem === undefined || this.#printer.hasListOf(issuer)) return DONE;
    const ahead = this.publishRevocations()
      .then(() => this.#clock.sleep(LIST_AHEAD_MS))
      .finally(() => this.#ahead.delete(serialNumber));
    this.#ahead.set(serialNumber, ahead);
    return ahead;
  }

  #refuseWhenOut(spiffeId: string): void {
    if (this.#revocations.isOut(spiffeId)) throw new MeshwiseError('MW4010', `${spiffeId} gets no certificate`);
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(action);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function checkLifetime(workloadLifetimeMs: number): void {
  if (workloadLifetimeMs >= SHORTEST_WORKLOAD_LIFETIME_MS && workloadLifetimeMs <= LONGEST_WORKLOAD_LIFETIME_MS) return;
  throw new MeshwiseError('MW1004', 'Lifetime of workload certificates out of range', {
    field: 'workloadLifetimeMs',
    found: String(workloadLifetimeMs),
    expected: `${SHORTEST_WORKLOAD_LIFETIME_MS} to ${LONGEST_WORKLOAD_LIFETIME_MS}`,
  });
}
