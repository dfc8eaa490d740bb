import type { WaitedFor } from '@meshwise/api';
import type { ProxyStatus } from '@meshwise/xds';

/** A proxy with an identity, as it is at one moment. */
export interface IdentityHolder {
  readonly id: string;
  /** As people name it. */
  readonly name: string;
  readonly spiffeId: string;
  /** Somebody else runs it. */
  readonly isAttached: boolean;
  readonly isRunning: boolean;
  readonly xds: ProxyStatus | undefined;
  /** Root of the certificate it was given last; undefined without one. */
  readonly root: string | undefined;
  /** Its identity gets no certificate any more, so it cannot be waited for. */
  readonly isOut: boolean;
}

/** The two secrets by which a proxy takes part in mutual TLS. */
const OWN_SECRETS: ReadonlySet<string> = new Set(['default', 'ROOTCA']);

/** Why a proxy may not know whom to trust, or which certificate to present, as the control plane last said; undefined when it does. */
export function unready(holder: IdentityHolder): string | undefined {
  const { xds } = holder;
  if (xds?.connectedSinceMs === undefined) return 'is not connected to the control plane';
  const secrets = xds.types.SDS;
  if (secrets === undefined) return 'has not asked for its certificate yet';
  const { lastNack, pending } = secrets;
  const isOwn = (names: readonly string[]) => names.length === 0 || names.some((name) => OWN_SECRETS.has(name));
  if (lastNack?.isOpen === true && isOwn(lastNack.resources)) return `has rejected its secrets: ${lastNack.message}`;
  return pending ? 'has not acknowledged its secrets yet' : undefined;
}

/** Whom the next step of a rotation waits for. Whoever does not run, gets everything anew when it starts. */
export function waitedFor(holders: readonly IdentityHolder[], signingRoot: string): readonly WaitedFor[] {
  return running(holders).flatMap((holder) => {
    const isOld = holder.root !== signingRoot && !holder.isOut;
    const reason = unready(holder) ?? (isOld ? 'presents a certificate of another root' : undefined);
    return reason === undefined ? [] : [{ proxy: holder.name, reason }];
  });
}

/** Who does not know yet what the control plane said last. */
export function uninformed(holders: readonly IdentityHolder[]): readonly WaitedFor[] {
  return running(holders).flatMap((holder) => {
    const reason = unready(holder);
    return reason === undefined ? [] : [{ proxy: holder.name, reason }];
  });
}

/** Attached processes of which nothing is known: whether they run, or with what. */
export function unreachable(holders: readonly IdentityHolder[]): readonly string[] {
  return holders.filter(isUnknown).map(({ name }) => name);
}

function running(holders: readonly IdentityHolder[]): readonly IdentityHolder[] {
  return holders.filter((holder) => holder.isRunning && !isUnknown(holder));
}

function isUnknown({ isAttached, xds }: IdentityHolder): boolean {
  return isAttached && xds?.connectedSinceMs === undefined;
}
