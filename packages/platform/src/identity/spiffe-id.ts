import { MeshwiseError } from '@meshwise/core';
import type { Identity } from '@meshwise/model';

/**
 * SPIFFE ids in the form Istio gives them: `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`.
 *
 * The alphabet is that of the SPIFFE ID standard (sections 2.1 to 2.3): a trust domain has lower-case letters, digits,
 * dots, dashes and underscores; a path segment also upper-case letters, and is never empty, `.` or `..`. No percent
 * encoding exists, so two ids are the same exactly when their text is: nothing is normalised here, only refused.
 */
const TRUST_DOMAIN = /^[a-z0-9._-]+$/;
const PATH_SEGMENT = /^[a-zA-Z0-9._-]+$/;
const MAX_TRUST_DOMAIN_CHARACTERS = 255;
const MAX_ID_CHARACTERS = 2048;
const SCHEME = 'spiffe://';

/** The id of a signing certificate: the trust domain alone, without a path (X509-SVID, section 3.2). */
export function trustDomainId(trustDomain: string): string {
  return `${SCHEME}${checkTrustDomain(trustDomain)}`;
}

/** Returns the trust domain when the SPIFFE ID standard (2.1) allows it. */
export function checkTrustDomain(trustDomain: string): string {
  if (trustDomain.length > MAX_TRUST_DOMAIN_CHARACTERS || !TRUST_DOMAIN.test(trustDomain)) {
    throw invalid('trust domain', trustDomain, 'at most 255 of a-z, 0-9, ".", "-" and "_"');
  }
  return trustDomain;
}

/** The id of a workload; refuses parts that would make an id which others read as a different one. */
export function formatSpiffeId(identity: Identity): string {
  checkTrustDomain(identity.trustDomain);
  checkSegment('namespace', identity.namespace);
  checkSegment('service account', identity.serviceAccount);
  const id = `${SCHEME}${identity.trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`;
  if (id.length > MAX_ID_CHARACTERS) throw invalid('SPIFFE id', id, 'at most 2048 characters');
  return id;
}

/** The inverse of `formatSpiffeId`. Ids of other forms (SPIFFE allows any path) are refused: they name no workload of ours. */
export function parseSpiffeId(id: string): Identity {
  const [trustDomain, ns, namespace, sa, serviceAccount, ...rest] = id.startsWith(SCHEME)
    ? id.slice(SCHEME.length).split('/')
    : [];
  if (trustDomain === undefined || ns !== 'ns' || sa !== 'sa' || rest.length > 0) {
    throw invalid('SPIFFE id', id, 'spiffe://<trust domain>/ns/<namespace>/sa/<service account>');
  }
  const identity = { trustDomain, namespace: namespace ?? '', serviceAccount: serviceAccount ?? '' };
  formatSpiffeId(identity);
  return identity;
}

function checkSegment(what: string, segment: string): void {
  if (segment === '.' || segment === '..' || !PATH_SEGMENT.test(segment)) {
    throw invalid(what, segment, 'letters, digits, ".", "-" and "_"');
  }
}

function invalid(what: string, found: string, expected: string): MeshwiseError {
  return new MeshwiseError('MW4001', `Not a valid ${what}`, { found: JSON.stringify(found), expected });
}
