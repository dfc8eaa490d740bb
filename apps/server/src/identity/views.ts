import type { CertificateView, IdentityView, RotationStep, RotationView } from '@meshwise/api';
import type { CertificateAuthority, HeldIdentity, IssuedRecord, RotationPhase } from '@meshwise/platform';
import { formatSpiffeId } from '@meshwise/platform';

const NEXT: Readonly<Record<RotationPhase, RotationStep>> = {
  stable: 'introduce',
  introduced: 'switch',
  switched: 'retire',
};

type Authority = Pick<CertificateAuthority, 'issued' | 'out' | 'phase' | 'trustedRoots'>;

/** Every identity that a proxy holds, that has a certificate which has not ended, or that is shut out. */
export function identityViews(
  authority: Authority,
  held: readonly HeldIdentity[],
  workloads: ReadonlyMap<string, readonly string[]>,
): readonly IdentityView[] {
  const current = new Map(held.map((one) => [formatSpiffeId(one.identity), one.current?.serialNumber]));
  const issued = Map.groupBy(authority.issued(), ({ spiffeId }) => spiffeId);
  const out = new Set(authority.out);
  const ids = new Set([...current.keys(), ...issued.keys(), ...out]);
  return [...ids].sort().map((spiffeId) => {
    const certificates = (issued.get(spiffeId) ?? []).map(certificateView).reverse();
    return {
      spiffeId,
      current: certificates.find(({ serialNumber }) => serialNumber === current.get(spiffeId)) ?? null,
      workloads: [...(workloads.get(spiffeId) ?? [])],
      out: out.has(spiffeId),
      certificates,
    };
  });
}

export function rotationView(
  authority: Authority,
  held: readonly HeldIdentity[],
  proxies: Pick<RotationView, 'waitingFor' | 'unreachable'>,
): RotationView {
  return {
    phase: authority.phase,
    next: NEXT[authority.phase],
    roots: authority.trustedRoots().map(({ id, role, subject, notBeforeMs, notAfterMs }) => ({
      ...{ id, role, subject, notBefore: timeOf(notBeforeMs), notAfter: timeOf(notAfterMs) },
      identities: held.filter(({ current }) => current?.root === id).length,
    })),
    ...proxies,
  };
}

export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function certificateView(record: IssuedRecord & { readonly isRevoked: boolean }): CertificateView {
  const { serialNumber, notBeforeMs, notAfterMs, root, use, isRevoked } = record;
  return { serialNumber, notBefore: timeOf(notBeforeMs), notAfter: timeOf(notAfterMs), root, use, revoked: isRevoked };
}
