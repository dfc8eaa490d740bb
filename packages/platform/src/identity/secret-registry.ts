import { type Clock, type Logger, MeshwiseError, silentLogger } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import type { IssuedCertificate } from './certificate-authority.ts';
import { formatSpiffeId } from './spiffe-id.ts';
import type { Trust } from './trust-printer.ts';

/** What the registry needs of an authority; `CertificateAuthority` is one. */
export interface CertificateIssuer {
  issue(identity: Identity): Promise<IssuedCertificate>;
  roots(): Trust;
  /** Calls back after `roots` changed; absent where it never does. */
  onTrustChange?(callback: () => void): () => void;
}

export interface SecretRegistryOptions {
  readonly issuer: CertificateIssuer;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** In [0, 1), as `Math.random`: spreads rotations so that a thousand proxies do not renew in the same second. */
  readonly random?: () => number;
}

/** A certificate is replaced between 50 and 70 % of its life, Istio and SPIRE begin at half, too: an authority that fails for hours costs nothing. */
const EARLIEST_ROTATION = 0.5;
const LATEST_ROTATION = 0.7;
/**
 * The wall clock is read again at least this often instead of sleeping until a rotation is due: timers stand still
 * while a laptop sleeps, certificates do not.
 */
const LONGEST_SLEEP_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
const NEVER_MS = Number.POSITIVE_INFINITY;

interface Entry {
  readonly identity: Identity;
  holders: number;
  current: IssuedCertificate | undefined;
  dueMs: number;
  /** Asked for while one was being issued. */
  againMs: number;
  failures: number;
  issuing: boolean;
  /** The authority gives it none, until `reissue`. */
  isOut: boolean;
}

/** An identity that proxies hold, with the certificate they were given last. */
export interface HeldIdentity {
  readonly identity: Identity;
  readonly holders: number;
  readonly current: IssuedCertificate | undefined;
}

/**
 * One current certificate for each identity that somebody wants, rotated ahead of its end. All proxies of one identity
 * share a certificate, as the replicas of a Kubernetes deployment share a service account.
 *
 * Keys live in memory only. Written to disk they would outlive their process in backups and images, and nothing is won:
 * after a restart each proxy asks again through SDS and gets a new certificate of the same root, while Envoy goes on
 * with the one it holds until the new one is there.
 */
export class SecretRegistry {
  readonly #issuer: CertificateIssuer;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #random: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(identity: Identity | undefined) => void>();
  readonly #endTrust: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: SecretRegistryOptions) {
    this.#issuer = options.issuer;
    this.#clock = options.clock;
    this.#logger = options.logger ?? silentLogger;
    this.#random = options.random ?? Math.random;
    this.#endTrust = options.issuer.onTrustChange?.(() => this.#announce(undefined));
  }

  /** The certificate to hand out now; undefined until `want` was answered. */
  get(identity: Identity): IssuedCertificate | undefined {
    return this.#entries.get(formatSpiffeId(identity))?.current;
  }

  /** PEM of the authorities that workloads trust, and of their revocation lists. */
  roots(): Trust {
    return this.#issuer.roots();
  }

  /** Says that a proxy needs this identity. The certificate is announced by `onChange`; each `want` needs a `release`. */
  want(identity: Identity): void {
    if (this.#closed) return;
    const id = formatSpiffeId(identity);
    const known = this.#entries.get(id);
    if (known !== undefined) {
      known.holders += 1;
      return;
    }
    const dueMs = this.#clock.nowMs();
    const state = { current: undefined, dueMs, againMs: NEVER_MS, failures: 0, issuing: false, isOut: false };
    this.#entries.set(id, { identity, holders: 1, ...state });
    this.#issueWhatIsDue();
  }

  /** Forgets certificate and key when the last holder releases. */
  release(identity: Identity): void {
    const id = formatSpiffeId(identity);
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.holders -= 1;
    if (entry.holders === 0) this.#entries.delete(id);
  }

  /** Replaces the certificate of an identity now; `onChange` announces it. */
  reissue(identity: Identity): void {
    const entry = this.#entries.get(formatSpiffeId(identity));
    if (entry === undefined) return;
    this.#askAgain(entry, this.#clock.nowMs());
    this.#issueWhatIsDue();
  }

  /** Replaces all certificates, spread over a time so that not everybody shakes hands in the same instant. */
  reissueAll(withinMs: number): void {
    const nowMs = this.#clock.nowMs();
    for (const entry of this.#entries.values()) this.#askAgain(entry, nowMs + this.#random() * withinMs);
    this.#issueWhatIsDue();
  }

  /** True when the authority has said that the identity gets no certificate: nobody needs to wait for one. */
  isOut(identity: Identity): boolean {
    return this.#entries.get(formatSpiffeId(identity))?.isOut === true;
  }

  held(): readonly HeldIdentity[] {
    return [...this.#entries.values()].map(({ identity, holders, current }) => ({ identity, holders, current }));
  }

  /**
   * Calls back after the certificate of an identity was issued, rotated or refused for good, and, without an identity,
   * after `roots` changed. The returned function unsubscribes.
   */
  onChange(callback: (identity: Identity | undefined) => void): () => void {
    const listener = (identity: Identity | undefined) => callback(identity);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops rotating and forgets all keys. */
  close(): void {
    this.#closed = true;
    this.#endTrust?.();
    this.#cancelTimer?.();
    this.#entries.clear();
    this.#listeners.clear();
  }

  #issueWhatIsDue(): void {
    const nowMs = this.#clock.nowMs();
    for (const [id, entry] of this.#entries) {
      if (!entry.issuing && entry.dueMs <= nowMs) void this.#issue(id, entry);
    }
    this.#sleep();
  }

  #sleep(): void {
    this.#cancelTimer?.();
    if (this.#closed) return;
    const nowMs = this.#clock.nowMs();
    let delayMs = LONGEST_SLEEP_MS;
    for (const entry of this.#entries.values()) {
      if (!entry.issuing) delayMs = Math.min(delayMs, Math.max(0, entry.dueMs - nowMs));
    }
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#issueWhatIsDue());
  }

  #askAgain(entry: Entry, atMs: number): void {
    entry.isOut = false;
    if (entry.issuing) entry.againMs = Math.min(entry.againMs, atMs);
    else entry.dueMs = Math.min(entry.dueMs, atMs);
  }

  async #issue(id: string, entry: Entry): Promise<void> {
    entry.issuing = true;
    const askedMs = this.#clock.nowMs();
    try {
      const issued = await this.#issuer.issue(entry.identity);
      if (this.#entries.get(id) !== entry) return;
      entry.current = issued;
      entry.isOut = false;
      entry.failures = 0;
      entry.dueMs = this.#rotationMs(issued, askedMs);
      this.#announce(entry.identity);
    } catch (error) {
      this.#retryLater(entry, error);
    } finally {
      entry.issuing = false;
      entry.dueMs = Math.min(entry.dueMs, entry.againMs);
      entry.againMs = NEVER_MS;
      this.#sleep();
    }
  }

  /** Not counted from `notBefore`: certificates are dated back, which for a short one is much of its life. */
  #rotationMs({ notAfterMs }: IssuedCertificate, askedMs: number): number {
    const fraction = EARLIEST_ROTATION + this.#random() * (LATEST_ROTATION - EARLIEST_ROTATION);
    return askedMs + fraction * (notAfterMs - askedMs);
  }

  /** A failure is never the caller's: the proxy keeps what it has, and the next attempt follows ever later. */
  #retryLater(entry: Entry, error: unknown): void {
    if (error instanceof MeshwiseError && error.code === 'MW4010') {
      entry.isOut = true;
      entry.dueMs = NEVER_MS;
      this.#logger.warn('identity gets no certificate', { id: formatSpiffeId(entry.identity) });
      this.#announce(entry.identity);
      return;
    }
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** entry.failures, LONGEST_RETRY_MS) * (0.5 + this.#random() / 2);
    entry.failures += 1;
    entry.dueMs = this.#clock.nowMs() + delayMs;
    const { code, message } = MeshwiseError.from(error);
    this.#logger.error('certificate could not be issued', {
      id: formatSpiffeId(entry.identity),
      code,
      message,
      delayMs,
    });
  }

  /** A listener that throws is logged, so that the others still learn of the certificate. */
  #announce(identity: Identity | undefined): void {
    for (const listener of this.#listeners) {
      try {
        listener(identity);
      } catch (error) {
        this.#logger.error('listener of certificates failed', { message: MeshwiseError.from(error).message });
      }
    }
  }
}
