import { type FieldReader, type RoutePathMatch, type RuleMatch, readRegularExpression } from '@meshwise/model';
import { headerNameOf, readNamedMatches } from './value-match.ts';

/** One part of a path, for a service or a method that is not named. */
const ANY = '[^/]+';

/**
 * One entry of `matches` of a GRPCRoute; undefined when it has a condition that is not known. A method is called by the
 * path `/service/method` (gRPC over HTTP2, "Requests").
 */
export function readGrpcMatch(field: FieldReader): RuleMatch | undefined {
  const path = readMethod(field);
  const headers = readNamedMatches(field, 'headers', headerNameOf);
  if (field.rest() || path === 'refused' || headers === 'refused') return undefined;
  return { http: { ...(path === undefined ? {} : { path }), headers, queryParameters: [] } };
}

function readMethod(match: FieldReader): RoutePathMatch | undefined | 'refused' {
  const field = match.object('method');
  if (field === undefined) return match.has('method') ? 'refused' : undefined;
  const type = field.string('type') ?? 'Exact';
  const isRegex = type === 'RegularExpression';
  const [service, method] = (['service', 'method'] as const).map((name) => readName(field, name, isRegex));
  if (!isRegex && type !== 'Exact') field.invalid('type', 'is neither Exact nor RegularExpression');
  const isUnreadable = service === 'refused' || method === 'refused' || (!isRegex && type !== 'Exact');
  if (field.rest() || isUnreadable) return 'refused';
  if (service === undefined && method === undefined) {
    field.invalid(undefined, 'names neither a service nor a method');
    return 'refused';
  }
  if (isRegex) return { regex: `/${group(service)}/${group(method)}` };
  if (service === undefined) return { regex: `/${ANY}/${method}` };
  return method === undefined ? { prefix: `/${service}/` } : { exact: `/${service}/${method}` };
}

function group(written: string | undefined): string {
  return written === undefined ? ANY : `(?:${written})`;
}

const NAMES = { service: /^\.?[a-z_][a-z_0-9]*(?:\.[a-z_][a-z_0-9]*)*$/i, method: /^[a-z_][a-z_0-9]*$/i };

function readName(field: FieldReader, name: 'service' | 'method', isRegex: boolean): string | undefined {
  if (!field.has(name)) return undefined;
  const written = isRegex ? readRegularExpression(field, name) : field.string(name);
  if (written === undefined || isRegex || NAMES[name].test(written)) return written ?? 'refused';
  field.invalid(name, `is no name of a ${name}`);
  return 'refused';
}
