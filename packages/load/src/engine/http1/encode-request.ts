import { Buffer } from 'node:buffer';
import type { PreparedRequest } from '../prepared-request.ts';

/** A request as bytes (RFC 9112 3), the same for each sending. Fields are sent as they were given, also those that make no sense. */
export function encodeRequest(request: PreparedRequest): Buffer {
  const { method, path, authority, headers, body } = request;
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${authority}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (needsLength(request)) lines.push(`Content-Length: ${body?.length ?? 0}`);
  // Values may have any character; UTF-8 is what gives none of them a second meaning.
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return body === null ? head : Buffer.concat([head, body]);
}

/** RFC 9110 8.6: with a body, and without one where the method means that there could be one. */
function needsLength({ method, headers, body }: PreparedRequest): boolean {
  const hasFraming = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  return !hasFraming && (body !== null || method === 'POST' || method === 'PUT' || method === 'PATCH');
}
