import {
  type ExternalAuthorizerSettings,
  type FieldReader,
  isHeaderName,
  isHeaderValue,
  type TextMatch,
} from '@meshwise/model';
import { PORTS, readDurationMs, readWhole } from './numbers.ts';
import { textPattern } from './text-pattern.ts';

const PROTOCOLS = { envoyExtAuthzGrpc: 'grpc', envoyExtAuthzHttp: 'http' } as const;
const KINDS = ['envoyExtAuthzGrpc', 'envoyExtAuthzHttp'] as const;

/** Whether one of `extensionProviders` is asked about requests, rather than told of them. */
export function isAuthorizer(field: FieldReader): boolean {
  return KINDS.some((kind) => field.has(kind));
}

/**
 * One of MeshConfig's `extensionProviders` of the kinds `envoyExtAuthzGrpc` and `envoyExtAuthzHttp`. Undefined, and
 * reported, when it cannot be asked as it says: what policies that name it would ask about is then refused.
 */
export function readAuthorizer(field: FieldReader): ExternalAuthorizerSettings | undefined {
  const name = field.string('name') ?? '';
  if (name === '') field.invalid('name', 'is missing');
  const kind = KINDS.find((candidate) => field.has(candidate));
  const provider = kind === undefined ? undefined : field.object(kind);
  if (kind === undefined || provider === undefined) return undefined;
  const protocol = PROTOCOLS[kind];
  const settings = readSettings(provider);
  const http = protocol === 'http' ? readHttp(provider) : {};
  const isOther = [provider.rest(), field.rest()].includes(true);
  if (name === '' || settings === undefined || http === undefined || isOther) return undefined;
  return { name, protocol, ...settings, ...http };
}

type Shared = Omit<ExternalAuthorizerSettings, 'name' | 'protocol'>;

function readSettings(field: FieldReader): Shared | undefined {
  const host = field.string('service') ?? '';
  if (host === '') field.invalid('service', 'is missing');
  const port = readWhole(field, 'port', PORTS);
  if (port === undefined) field.invalid('port', 'is missing');
  const timeoutMs = readDurationMs(field, 'timeout', 1);
  const statusOnError = readStatus(field);
  const requestBody = readBody(field);
  const isUnreadable =
    (field.has('timeout') && timeoutMs === undefined) ||
    (field.has('includeRequestBodyInCheck') && requestBody === undefined);
  const failOpen = field.boolean('failOpen') ?? false;
  const clearsRouteCache = field.boolean('clearRouteCache') ?? false;
  if (host === '' || port === undefined || isUnreadable) return undefined;
  return {
    host,
    port,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(failOpen ? { failOpen } : {}),
    ...(statusOnError === undefined ? {} : { statusOnError }),
    ...(clearsRouteCache ? { clearsRouteCache } : {}),
    ...(requestBody === undefined ? {} : { requestBody }),
  };
}

function readHttp(field: FieldReader): Partial<ExternalAuthorizerSettings> | undefined {
  const pathPrefix = field.string('pathPrefix') ?? '';
  const isPath = pathPrefix === '' || (pathPrefix.startsWith('/') && isHeaderValue(pathPrefix));
  if (!isPath) field.invalid('pathPrefix', 'is no path that begins with /');
  // The older name of the field, which holds where the newer one says nothing.
  const older = readHeaders(field, 'includeHeadersInCheck');
  const included = readHeaders(field, 'includeRequestHeadersInCheck');
  const added = readAddedHeaders(field);
  const lists = {
    includedRequestHeaders: included.length > 0 ? included : older,
    upstreamHeadersOnAllow: readHeaders(field, 'headersToUpstreamOnAllow'),
    downstreamHeadersOnAllow: readHeaders(field, 'headersToDownstreamOnAllow'),
    downstreamHeadersOnDeny: readHeaders(field, 'headersToDownstreamOnDeny'),
  };
  if (!isPath) return undefined;
  return {
    ...(pathPrefix === '' ? {} : { pathPrefix }),
    ...(Object.keys(added).length === 0 ? {} : { addedCheckHeaders: added }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
  };
}

function readAddedHeaders(field: FieldReader): Readonly<Record<string, string>> {
  const name = 'includeAdditionalHeadersInCheck';
  const written = Object.entries(field.stringMap(name) ?? {});
  const added = written.filter(([header, value]) => isHeaderName(header) && isHeaderValue(value));
  if (added.length < written.length) field.invalid(name, 'has what is no header');
  return Object.fromEntries(added);
}

/** Names of headers, which have no case: `x-custom`, `x-*`, `*-id`. */
function readHeaders(field: FieldReader, name: string): readonly TextMatch[] {
  return (field.strings(name) ?? []).filter((text) => text !== '').map((text) => textPattern(text.toLowerCase()));
}

function readBody(field: FieldReader): ExternalAuthorizerSettings['requestBody'] {
  const body = field.object('includeRequestBodyInCheck');
  if (body === undefined) return undefined;
  const maxBytes = readWhole(body, 'maxRequestBytes', { from: 1, to: 0xffff_ffff });
  const allowsPartial = body.boolean('allowPartialMessage') ?? false;
  const packsAsBytes = body.boolean('packAsBytes') ?? false;
  if (!body.has('maxRequestBytes')) body.invalid('maxRequestBytes', 'is missing');
  if (body.rest() || maxBytes === undefined) return undefined;
  return { maxBytes, ...(allowsPartial ? { allowsPartial } : {}), ...(packsAsBytes ? { packsAsBytes } : {}) };
}

/** Statuses that a proxy can answer with (Envoy, StatusCode). */
const STATUSES = /^(?:20[0-8]|226|30[0-578]|40\d|41[0-7]|42[1-4689]|431|50[0-8]|51[01])$/;

function readStatus(field: FieldReader): number | undefined {
  const text = field.string('statusOnError') ?? '';
  if (text === '') return undefined;
  if (STATUSES.test(text)) return Number(text);
  field.invalid('statusOnError', 'is no status that can be answered; it is 403');
  return undefined;
}
