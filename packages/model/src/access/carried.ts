import type { Protocol, SecurityPlan } from '../plan.ts';
import { forBytes } from '../security/for-bytes.ts';

/** What a port is taken for: requests, or bytes that nobody reads. */
export type Carried = 'http' | 'bytes';

/** What may come to a port; one without declared protocol shows it by its first bytes. */
export function carriedBy(protocol: Protocol): readonly Carried[] {
  if (protocol === 'auto') return ['http', 'bytes'];
  return protocol === 'tcp' || protocol === 'tls' ? ['bytes'] : ['http'];
}

/** What a plan asks of what is carried. */
export function securityFor(security: SecurityPlan, carried: Carried): SecurityPlan {
  return carried === 'http' ? security : forBytes(security);
}
