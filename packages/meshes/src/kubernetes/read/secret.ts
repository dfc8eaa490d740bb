import { type Fragment, itemBase, type SecretItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Keys under which certificates stand: those of kubernetes.io/tls, and those Istio takes from generic Secrets. */
const KEYS = [
  { property: 'certificateChainPem', names: ['cert', 'tls.crt'] },
  { property: 'privateKeyPem', names: ['key', 'tls.key'] },
  { property: 'trustedCaPem', names: ['cacert', 'ca.crt'] },
  { property: 'crlPem', names: ['crl', 'ca.crl'] },
] as const;

/**
 * core/v1 Secret, as far as it holds certificates; others are no item at all, so that what has nothing to do with the
 * mesh is not kept. No remark ever quotes a value. `stringData` wins over `data`, as when the API server merges it.
 */
export function readSecret(resource: Resource): Fragment {
  const { data, stringData } = resource as { readonly data?: unknown; readonly stringData?: unknown };
  const found = KEYS.flatMap(({ property, names }) => {
    const pem = names.map((name) => textOf(stringData, name) ?? decoded(textOf(data, name))).find(isPem);
    return pem === undefined ? [] : [[property, pem] as const];
  });
  if (found.length === 0) return { items: [], residues: [] };
  // A list that says nothing must not count as none: what was taken back would be good again.
  const revoking = KEYS.filter(({ property }) => property === 'crlPem').flatMap(({ names }) => names);
  const isSaid = revoking.some((name) => [stringData, data].some((map) => textOf(map, name) !== undefined));
  const item: SecretItem = {
    ...itemBase(resource),
    kind: 'secret',
    ...(isSaid ? { crlPem: '' } : {}),
    ...Object.fromEntries(found),
  };
  return { items: [item], residues: [] };
}

function textOf(map: unknown, name: string): string | undefined {
  if (typeof map !== 'object' || map === null || !Object.hasOwn(map, name)) return undefined;
  const value = (map as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Base64 (RFC 4648, 4), which may be broken into lines; undefined for what is none. */
function decoded(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(base64.replace(/\s+/g, '')), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** At least one block of RFC 7468; whether it can be used, whoever uses it finds out. */
function isPem(text: string | undefined): text is string {
  return text !== undefined && /-----BEGIN [A-Z0-9 ]+-----/.test(text);
}
