import type {
  ExportIdentityResponse,
  IdentityResponse,
  IdentityTarget,
  IdentityView,
  ListIdentitiesResponse,
  RevokeIdentityRequest,
  RevokeIdentityResponse,
  RotateRootRequest,
  RotationView,
  StatusView,
  WaitedFor,
} from '@meshwise/api';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import { type CertificateAuthority, formatSpiffeId, readCertificates, type SecretRegistry } from '@meshwise/platform';
import type { AdsServer } from '@meshwise/xds';
import { type IdentityHolder, uninformed, unreachable, waitedFor } from './readiness.ts';
import { meantIdentity, type TargetSources } from './target.ts';
import { identityViews, rotationView, timeOf } from './views.ts';

export interface IdentityOptions extends TargetSources {
  readonly authority: CertificateAuthority;
  readonly secrets: SecretRegistry;
  readonly ads: Pick<AdsServer, 'proxyStatus'>;
  /** Publishes at once what the control plane would publish shortly: only then is a proxy that has it all, up to date. */
  readonly publish: () => void;
  readonly status: () => Promise<Pick<StatusView, 'proxies'>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** All certificates are issued anew within this time, or within this much for each identity where that is shorter. */
const SWITCH_SPREAD_MS = 10_000;
const SWITCH_SPREAD_EACH_MS = 20;
/** How long proxies are waited for before and after a list goes out; an answer names those that were slower. */
const WAIT_MS = 10_000;
const POLL_MS = 50;
/** Handshakes that began with the certificate before have ended by then. */
const HANDSHAKE_MS = 500;

/** What people do to identities and their authority. What changes something leaves a line in the log. */
export class IdentityOperations {
  readonly #o: IdentityOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: IdentityOptions) {
    this.#o = options;
  }

  async list(): Promise<ListIdentitiesResponse> {
    const { trustDomain, workloadLifetimeMs, phase } = this.#o.authority;
    return { trustDomain, workloadLifetimeMs, phase, items: [...(await this.#views())] };
  }

  async show(target: IdentityTarget): Promise<IdentityResponse> {
    const { authority, secrets } = this.#o;
    const { identity } = await this.#meant(target);
    const certificateChainPem = secrets.get(identity)?.certificateChainPem ?? null;
    const chain = certificateChainPem === null ? [] : readCertificates(certificateChainPem);
    return {
      identity: await this.#view(identity),
      certificateChainPem,
      chain: chain.map(({ subject, issuer, serialNumber, spiffeId, notBeforeMs, notAfterMs, isAuthority }) => ({
        ...{ subject, issuer, serialNumber, spiffeId: spiffeId ?? null, isAuthority },
        ...{ notBefore: timeOf(notBeforeMs), notAfter: timeOf(notAfterMs) },
      })),
      rootCertPem: authority.roots().caPem,
    };
  }

  /**
   * Takes certificates back. Those who use them get others first, so that the workload goes on; then everybody is told
   * to refuse them. With `forever` nobody is waited for.
   */
  async revoke(request: RevokeIdentityRequest): Promise<RevokeIdentityResponse> {
    const { authority, secrets, logger, clock } = this.#o;
    const { identity, certificate } = await this.#meant(request);
    const spiffeId = formatSpiffeId(identity);
    const isForever = request.forever === true;
    if (isForever) await authority.shutOut(identity);
    const all = certificate === undefined ? authority.issued(spiffeId) : [certificate];
    const records = all.filter(({ serialNumber }) => !authority.isRevoked(serialNumber));
    await authority.revoke(records);
    const revoked = records.map(({ serialNumber }) => serialNumber);
    logger.info('identity revoked', { spiffeId, revoked, forever: isForever });

    const current = secrets.get(identity)?.serialNumber;
    if (isForever || (current !== undefined && revoked.includes(current))) secrets.reissue(identity);
    if (!isForever && current !== undefined && revoked.includes(current)) {
      const isReplaced = () => !revoked.includes(secrets.get(identity)?.serialNumber ?? current);
      await this.#untilKnown((holder) => holder.spiffeId === spiffeId, isReplaced);
      await clock.sleep(HANDSHAKE_MS);
    }
    await authority.publishRevocations();
    const waitingFor = await this.#untilKnown(() => true);
    return { identity: await this.#view(identity), revoked, waitingFor: [...waitingFor] };
  }

  /** Takes `revoke --forever` back: the identity gets certificates again. Those that were revoked stay revoked. */
  async readmit(target: IdentityTarget): Promise<IdentityView> {
    const { authority, secrets, logger } = this.#o;
    const { identity } = await this.#meant(target);
    if (authority.isOut(identity)) {
      await authority.readmit(identity);
      logger.info('identity readmitted', { spiffeId: formatSpiffeId(identity) });
      secrets.reissue(identity);
    }
    return this.#view(identity);
  }

  /** A certificate with its key, for debugging; remembered like every other, so that it can be revoked. */
  async export(target: IdentityTarget): Promise<ExportIdentityResponse> {
    const { authority, logger } = this.#o;
    const { identity } = await this.#meant(target);
    const { certificateChainPem, privateKeyPem, serialNumber, notAfterMs } = await authority.issue(identity, 'export');
    const spiffeId = formatSpiffeId(identity);
    const notAfter = timeOf(notAfterMs);
    logger.info('identity exported', { spiffeId, serialNumber, notAfter });
    return {
      ...{ spiffeId, serialNumber, notAfter, certificateChainPem, privateKeyPem },
      rootCertPem: authority.roots().caPem,
    };
  }

  /** Where the exchange of the root stands, and whom its next step waits for. */
  async rotation(): Promise<RotationView> {
    const { authority, secrets, status } = this.#o;
    const { proxies } = await status();
    const holders = this.#holders(proxies);
    const waitingFor = [...waitedFor(holders, authority.signingRoot)];
    return rotationView(authority, secrets.held(), { waitingFor, unreachable: [...unreachable(holders)] });
  }

  /**
   * Takes a step. Throws MW4009 while a proxy is not ready for it. One at a time: a step that was asked for while another one
   * is taken would otherwise follow it without waiting for anybody.
   */
  rotate(request: RotateRootRequest): Promise<RotationView> {
    const turn = this.#turn.then(() => this.#rotate(request));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #rotate({ step, force = false }: RotateRootRequest): Promise<RotationView> {
    const { authority, secrets, logger } = this.#o;
    const before = authority.phase;
    const { next, waitingFor } = await this.rotation();
    const isRefused = next === step && step !== 'introduce' && waitingFor.length > 0 && !force;
    if (isRefused) throw notReady(waitingFor);
    await authority.rotate(step);
    if (authority.phase !== before) {
      logger.info('root exchanged by a step', { step, force, phase: authority.phase, root: authority.signingRoot });
    }
    if (step === 'switch' && authority.phase !== before) {
      secrets.reissueAll(Math.min(SWITCH_SPREAD_MS, secrets.held().length * SWITCH_SPREAD_EACH_MS));
    }
    return this.rotation();
  }

  async #meant(target: IdentityTarget) {
    const meant = await meantIdentity(this.#o, target);
    if (meant.identity.trustDomain === this.#o.authority.trustDomain) return meant;
    throw new MeshwiseError('MW4011', 'The identity is of another trust domain', {
      found: meant.identity.trustDomain,
      expected: this.#o.authority.trustDomain,
    });
  }

  /** Resolves when the holders know what was said last and `isSo`, or after a time; answers with those who do not. */
  async #untilKnown(
    concerns: (holder: IdentityHolder) => boolean,
    isSo: () => boolean = () => true,
  ): Promise<readonly WaitedFor[]> {
    const { clock, status } = this.#o;
    const { proxies } = await status();
    const untilMs = clock.monotonicMs() + WAIT_MS;
    for (;;) {
      const isThere = isSo();
      const left = uninformed(this.#holders(proxies).filter(concerns));
      if ((isThere && left.length === 0) || clock.monotonicMs() >= untilMs) return left;
      await clock.sleep(POLL_MS);
    }
  }

  async #views(): Promise<readonly IdentityView[]> {
    const { proxies } = await this.#o.status();
    const workloads = new Map<string, Set<string>>();
    for (const { identity, workload } of proxies) {
      if (identity !== null) workloads.set(identity, (workloads.get(identity) ?? new Set()).add(workload));
    }
    const sorted = new Map([...workloads].map(([id, names]) => [id, [...names].sort()] as const));
    return identityViews(this.#o.authority, this.#o.secrets.held(), sorted);
  }

  async #view(identity: Identity): Promise<IdentityView> {
    const spiffeId = formatSpiffeId(identity);
    const found = (await this.#views()).find((view) => view.spiffeId === spiffeId);
    return found ?? { spiffeId, current: null, workloads: [], out: false, certificates: [] };
  }

  /** What control plane and registry say is read in one turn, after everything has been published. */
  #holders(proxies: StatusView['proxies']): readonly IdentityHolder[] {
    const { publish, ads, secrets, authority } = this.#o;
    publish();
    const held = new Map(secrets.held().map((one) => [formatSpiffeId(one.identity), one]));
    return proxies.flatMap(({ id, workload, pod, identity, attached, process }) => {
      // A program that is its own proxy is served no certificates.
      if (identity === null || attached === 'grpc') return [];
      const one = held.get(identity);
      return {
        ...{ id, spiffeId: identity, isAttached: attached !== undefined, isRunning: process === 'running' },
        name: pod ?? workload,
        xds: ads.proxyStatus(id),
        root: one?.current?.root,
        isOut: one !== undefined && authority.isOut(one.identity),
      };
    });
  }
}

function notReady(waitingFor: readonly WaitedFor[]): MeshwiseError {
  const [first, ...others] = waitingFor;
  const more = others.length === 0 ? '' : `, and ${others.length} more are not ready`;
  return new MeshwiseError('MW4009', `${first?.proxy} ${first?.reason}${more}`);
}
