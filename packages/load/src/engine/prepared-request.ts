import { Buffer } from 'node:buffer';
import type { LoadRequest } from '../plan/plan.ts';

/** A request with everything worked out that does not change from one sending to the next. */
export interface PreparedRequest {
  readonly weight: number;
  readonly method: string;
  /** `host` or `host:port` of the URL, unless a `Host` header was given. */
  readonly authority: string;
  readonly scheme: 'http' | 'https';
  /** Path and query, never empty. */
  readonly path: string;
  /** As given, without `Host`, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | null;
}

export function prepareRequest(request: LoadRequest): PreparedRequest {
  const url = new URL(request.url);
  const host = request.headers.find(([name]) => name.toLowerCase() === 'host');
  return {
    weight: request.weight,
    method: request.method,
    authority: host === undefined ? url.host : host[1],
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    path: url.pathname + url.search,
    headers: request.headers.filter((header) => header !== host),
    body: request.body === null ? null : Buffer.from(request.body.content, request.body.encoding),
  };
}
