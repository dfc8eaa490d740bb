/** What the services read from a request: its path, whether it only reads, its body. */
import type { IncomingMessage } from 'node:http';

/** The path without query. A proxy may send the absolute form (`GET http://details:9080/health`). */
export function requestPath(request: IncomingMessage): string {
  const target = (request.url ?? '/').replace(/^https?:\/\/[^/]*/i, '');
  return target.split('?', 1)[0] || '/';
}

export function isRead(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** A product id: an integer of at most 15 digits, so that every language prints the same number. */
export function productId(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes > maxBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}
