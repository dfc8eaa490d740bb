import { checkedHeaders } from './headers.ts';
import { impossible } from './impossible.ts';
import type { LoadInput, RequestInput } from './input.ts';
import type { LoadPlan, LoadRequest } from './plan.ts';

const MAX_BODY_LENGTH = 64 << 20;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** gRPC over HTTP/2, "Requests": Path → "/" Service-Name "/" {method name}. */
const GRPC_PATH = /^\/[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/;

/** A target is `http:` or `https:`, without credentials. What follows `#` is for browsers and left out. */
export function readTarget(text: string): URL {
  const expected = 'http://host[:port]/path or https://…';
  const url = URL.parse(text);
  if (url === null) throw impossible('target', 'not a URL', { found: text, expected });
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw impossible('target', 'no such protocol', { found: url.protocol, expected });
  }
  if (url.username !== '' || url.password !== '') {
    throw impossible('target', 'a URL with credentials', { expected: 'a header `authorization`' });
  }
  url.hash = '';
  return url;
}

/**
 * One GET of the target unless something else was said. Every request goes to the origin of the target: who agreed to load on
 * one server did not agree to load on another that a request file names.
 */
export function completeRequests(input: LoadInput, target: URL): LoadRequest[] {
  const protocol = input.protocol ?? 'http1';
  return (input.requests ?? [{}]).map((request, at) => completeRequest(request, `requests[${at}]`, target, protocol));
}

function completeRequest(
  request: RequestInput,
  field: string,
  target: URL,
  protocol: LoadPlan['protocol'],
): LoadRequest {
  const body = request.body ?? null;
  const grpc = protocol === 'grpc';
  const method = request.method ?? (grpc || body !== null ? 'POST' : 'GET');
  if (method === 'CONNECT') throw impossible(`${field}.method`, 'a tunnel has no answer', { found: method });
  if (grpc && method !== 'POST') {
    throw impossible(`${field}.method`, 'gRPC knows one method', { found: method, expected: 'POST' });
  }
  if (body !== null) checkBody(body, `${field}.body`);
  return {
    weight: request.weight ?? 1,
    method,
    url: resolvePath(request.path, `${field}.path`, target, grpc),
    headers: checkedHeaders(request.headers ?? [], `${field}.headers`, protocol),
    body,
  };
}

function resolvePath(path: string | undefined, field: string, target: URL, grpc: boolean): string {
  const url = path === undefined ? target : URL.parse(path, target.href);
  if (url === null) throw impossible(field, 'not a path', { found: path, expected: '/path?query' });
  if (url.origin !== target.origin || url.username !== '' || url.password !== '') {
    const expected = `a path of ${target.origin}`;
    throw impossible(field, 'a request goes to the target and nowhere else', { found: path, expected });
  }
  if (grpc && !GRPC_PATH.test(url.pathname + url.search)) {
    const found = url.pathname + url.search;
    throw impossible(field, 'not the path of a gRPC method', { found, expected: '/package.Service/Method' });
  }
  return url.origin + url.pathname + url.search;
}

function checkBody({ encoding, content }: NonNullable<LoadRequest['body']>, field: string): void {
  if (content.length > MAX_BODY_LENGTH) {
    throw impossible(field, 'too long', { found: `${content.length} characters`, expected: 'at most 64 Mi' });
  }
  if (encoding === 'base64' && !BASE64.test(content)) throw impossible(`${field}.content`, 'not base64 (RFC 4648, 4)');
}
