import { type Fragment, itemBase, type TrustBundleItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Where the Gateway API says that a ConfigMap keeps authorities (GEP-1897). */
const KEY = 'ca.crt';

/** A ConfigMap with authorities, to which Gateways and BackendTLSPolicies may refer; undefined for others. */
export function readTrustBundle(resource: Resource): Fragment | undefined {
  const { data } = resource as { readonly data?: Readonly<Record<string, unknown>> };
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, KEY)) return undefined;
  const pem = data[KEY];
  if (typeof pem !== 'string' || !/-----BEGIN CERTIFICATE-----/.test(pem)) return undefined;
  const item: TrustBundleItem = { ...itemBase(resource), kind: 'trust-bundle', trustedCaPem: pem };
  return { items: [item], residues: [] };
}
