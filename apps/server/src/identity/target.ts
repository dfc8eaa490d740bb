import type { IdentityTarget } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import {
  type CertificateAuthority,
  formatSpiffeId,
  type IssuedRecord,
  parseSpiffeId,
  type RunningProxy,
} from '@meshwise/platform';
import type { ResourceStore } from '@meshwise/resources';
import { findProxies } from '../operations/find-proxy.ts';

/** What a target means: an identity, and one certificate of it when that was named. */
export interface MeantIdentity {
  readonly identity: Identity;
  readonly certificate?: IssuedRecord;
}

export interface TargetSources {
  readonly store: Pick<ResourceStore, 'list'>;
  readonly authority: Pick<CertificateAuthority, 'findIssued'>;
  readonly proxies: () => readonly RunningProxy[];
}

const SPIFFE = 'spiffe://';
/** Serial numbers as OpenSSL, Envoy and we print them: with colons or without. */
const SERIAL = /^(?:[0-9a-f]{2}:?){8,20}$/i;

/** Throws MW4011 when the target means nothing, or several identities. */
export async function meantIdentity(
  sources: TargetSources,
  { target, namespace }: IdentityTarget,
): Promise<MeantIdentity> {
  if (target.startsWith(SPIFFE)) return { identity: parseSpiffeId(target) };
  if (SERIAL.test(target)) {
    const certificate = sources.authority.findIssued(target.replaceAll(':', '').toLowerCase());
    if (certificate !== undefined) return { identity: parseSpiffeId(certificate.spiffeId), certificate };
  }
  const found = await proxiesOf(sources, target, namespace);
  const identities = new Map(
    found.flatMap(({ descriptor: { identity } }) =>
      identity === undefined ? [] : [[formatSpiffeId(identity), identity]],
    ),
  );
  const [identity] = identities.values();
  if (identity !== undefined && identities.size === 1) return { identity };
  throw new MeshwiseError('MW4011', `${target} does not mean one identity`, {
    found: [...identities.keys()].join(', ') || 'none',
  });
}

/** `namespace/workload` is understood too, as the page and the lists write it. */
async function proxiesOf(
  { store, proxies }: TargetSources,
  target: string,
  namespace: string | undefined,
): Promise<readonly RunningProxy[]> {
  const [before, name, ...rest] = target.split('/');
  const attempts: (readonly [string, string | undefined])[] = [[target, namespace]];
  if (before !== undefined && name !== undefined && rest.length === 0) attempts.push([name, before]);
  for (const [what, where] of attempts) {
    const found = await findProxies(store, proxies(), what, where).catch(() => []);
    if (found.length > 0) return found;
  }
  throw new MeshwiseError('MW4011', `${target} is no SPIFFE id, no workload with a proxy and no serial number`);
}
