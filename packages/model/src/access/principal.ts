import { type KnownText, NOTHING } from './known-text.ts';

/** `cluster.local/ns/default/sa/productpage`. */
const PRINCIPAL = /^[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/;

/** What is known of the namespace, or the service account with its namespace, of a principal. */
export function identityPart(part: 'namespace' | 'service-account', principal: KnownText): KnownText {
  if (!('values' in principal)) return { isThere: principal.isThere };
  const [value] = principal.values;
  const [, namespace, account] = PRINCIPAL.exec(value ?? '') ?? [];
  if (namespace === undefined || account === undefined) return NOTHING;
  return { values: [part === 'namespace' ? namespace : `${namespace}/${account}`] };
}
