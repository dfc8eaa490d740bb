/**
 * What OPA is asked with, in the shape of its plugin for Envoy (openpolicyagent.org, "Envoy"), so that a policy that was written for
 * one works with the other.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { partiesOf } from './client-certificates.ts';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty unless the provider sends it (`includeRequestBodyInCheck`). */
  readonly body: string;
}

/** `own` is how the SPIFFE id of this authorizer ends. */
export function inputOf({ method, path, headers, body }: Asked, own: string): object {
  const { source, destination } = partiesOf(texts(headers)['x-forwarded-client-cert'], own);
  const host = headers.host ?? '';
  const [plain = '', query = ''] = path.split(/\?(.*)/s);
  const parsedBody = jsonOf(headers['content-type'], body);
  return {
    attributes: {
      ...(source === undefined ? {} : { source: { principal: source } }),
      ...(destination === undefined ? {} : { destination: { principal: destination } }),
      request: {
        http: {
          method,
          path,
          host,
          headers: { ...texts(headers), ':authority': host, ':method': method, ':path': path },
          ...(body === '' ? {} : { body }),
        },
      },
    },
    parsed_path: plain.replace(/^\//, '').split('/').map(decoded),
    parsed_query: queryOf(query),
    ...(parsedBody === undefined ? {} : { parsed_body: parsedBody }),
  };
}

function texts(headers: IncomingHttpHeaders): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]);
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Record<string, string>;
}

function queryOf(query: string): Record<string, string[]> {
  const values: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of new URLSearchParams(query)) values[name] = [...(values[name] ?? []), value];
  return values;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function jsonOf(type: string | undefined, body: string): unknown {
  if (body === '' || type?.includes('application/json') !== true) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
