import type { RemoteKeySource } from '@meshwise/model';
import { failure, shortly } from './failure.ts';
import { type ConnectInside, getText, type TextResponse } from './http-get.ts';
import { MAX_KEY_SET_BYTES, readKeySet } from './key-set.ts';

const DEFAULT_TIMEOUT_MS = 5_000;
/** A policy may say a year, which is more than a timer can count, and an issuer that never answers is asked again sooner. */
const LONGEST_TIMEOUT_MS = 60_000;

export interface FetchedKeySet {
  /** As text; undefined when the issuer has none (any more). */
  readonly keys?: string;
  readonly maxAgeMs?: number;
}

/**
 * The keys of a source. With `discovery` the issuer's OpenID Connect configuration says where they are, and has to
 * name that issuer (OpenID Connect Discovery 1.0, 4). Throws MW4101.
 */
export async function fetchKeySet(source: RemoteKeySource, connectInside?: ConnectInside): Promise<FetchedKeySet> {
  const options = {
    timeoutMs: Math.min(source.timeoutMs ?? DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS),
    maxBytes: MAX_KEY_SET_BYTES,
    ...(connectInside === undefined ? {} : { connectInside }),
  };
  const address =
    source.kind === 'uri'
      ? source.uri
      : keysAddressIn(await getText(discoveryAddress(source.issuer), options), source.issuer);
  const { text, ...age } = await getText(address, options);
  const set = readKeySet(text);
  if ('problem' in set) throw failure(address, `what it answers is no key set: ${set.problem}`);
  return set.keys.length === 0 ? age : { keys: JSON.stringify({ keys: set.keys }), ...age };
}

function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
}

function keysAddressIn({ text }: TextResponse, issuer: string): string {
  const address = discoveryAddress(issuer);
  let configuration: unknown;
  try {
    configuration = JSON.parse(text);
  } catch (cause) {
    throw failure(address, 'what it answers is not JSON', cause);
  }
  const { issuer: named, jwks_uri: keys } = Object(configuration) as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer)
    throw failure(address, `it is the configuration of ${typeof named === 'string' ? shortly(named) : 'nobody'}`);
  if (typeof keys !== 'string') throw failure(address, 'it names no jwks_uri');
  return keys;
}
