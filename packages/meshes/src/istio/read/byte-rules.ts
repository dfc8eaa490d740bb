import type { ByteMatch, ByteRule, FieldReader } from '@meshwise/model';
import { canonicalCidr } from './cidr.ts';
import { readClientMatch } from './client-match.ts';
import { readDestinations } from './http-destinations.ts';

/** One entry of `spec.tls` or `spec.tcp`; undefined, and reported, when it cannot be carried out. */
export function readByteRule(field: FieldReader, layer: ByteRule['layer']): ByteRule | undefined {
  const alternatives = field.list('match');
  const matches = alternatives.flatMap((match) => readMatch(match, layer) ?? []);
  const routes = field.list('route');
  const destinations = readDestinations(routes, field);
  field.rest();
  if (routes.length === 0) field.invalid('route', 'is missing');
  if (layer === 'tls' && alternatives.length === 0) field.invalid('match', 'is missing: a TLS rule needs server names');
  const isUnknown = field.has('match') && matches.length === 0 && !isEmptyList(field);
  if (destinations.length === 0 || isUnknown || (layer === 'tls' && matches.length === 0)) return undefined;
  return { layer, matches, destinations, origin: field.origin() };
}

function isEmptyList(field: FieldReader): boolean {
  const { match } = field.value as { readonly match?: unknown };
  return Array.isArray(match) && match.length === 0;
}

/** Undefined when a condition is not enforced: leaving it out would take connections that belong elsewhere. */
function readMatch(field: FieldReader, layer: ByteRule['layer']): ByteMatch | undefined {
  const serverNames = layer === 'tls' ? readServerNames(field) : undefined;
  const destinationCidrs = readCidrs(field);
  const sourceSubnet = (layer === 'tcp' ? field.string('sourceSubnet') : undefined) ?? '';
  const sourceCidr = canonicalCidr(sourceSubnet);
  if (sourceSubnet !== '' && sourceCidr === undefined) {
    field.invalid('sourceSubnet', `${sourceSubnet} is neither an address nor a range`);
    return undefined;
  }
  const client = readClientMatch(field);
  if (field.rest() || client === undefined || destinationCidrs === 'refused' || serverNames === 'refused')
    return undefined;
  return {
    ...(serverNames === undefined ? {} : { serverNames }),
    ...(destinationCidrs.length === 0 ? {} : { destinationCidrs }),
    ...(sourceCidr === undefined ? {} : { sourceCidr }),
    ...client,
  };
}

/** A name, or `*.` and a domain; `*` alone takes every name. */
const SERVER_NAME = /^(?:\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)$/i;

function readServerNames(field: FieldReader): readonly string[] | 'refused' {
  const names = field.strings('sniHosts') ?? [];
  if (names.length === 0) field.invalid('sniHosts', 'is missing');
  const wrong = names.find((name) => !SERVER_NAME.test(name));
  if (wrong !== undefined) field.invalid('sniHosts', `'${wrong}' is no server name`);
  return names.length === 0 || wrong !== undefined ? 'refused' : names.map((name) => name.toLowerCase());
}

function readCidrs(field: FieldReader): readonly string[] | 'refused' {
  const written = field.strings('destinationSubnets') ?? [];
  const wrong = written.find((entry) => canonicalCidr(entry) === undefined);
  if (wrong !== undefined) field.invalid('destinationSubnets', `${wrong} is neither an address nor a range`);
  return wrong !== undefined ? 'refused' : [...new Set(written.flatMap((entry) => canonicalCidr(entry) ?? []))];
}
