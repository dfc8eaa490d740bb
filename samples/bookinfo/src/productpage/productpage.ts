/** Routes of the page: HTML for people, `/api/v1` for programs, `/metrics` and `/health` for machines. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { forwardedHeaders } from '../http/forwarded-headers.ts';
import { sendJson, sendMethodNotAllowed, sendNotFound, sendText } from '../http/reply.ts';
import { isRead, readBody, requestPath } from '../http/request.ts';
import type { Handler } from '../http/serve.ts';
import { createRequestResults, metricsContentType } from './metrics.ts';
import { homePage } from './pages/home.ts';
import { productPage } from './pages/product.ts';
import { stylesheet } from './pages/stylesheet.ts';
import { product, products } from './products.ts';
import { cleanUserName, endUserHeader, sessionUser, signInCookie, signOutCookie } from './session.ts';
import { createUpstreams, type Destination, type UpstreamsOptions } from './upstreams.ts';

export interface ProductPageOptions {
  readonly urls: UpstreamsOptions['urls'];
  /** Requests sent to reviews before each page, 0 for none; 100 in the image `v-flooding`. */
  readonly floodFactor?: number;
  /** Of one attempt at a service. Default 3,000 ms. */
  readonly timeoutMs?: number;
}

const maxFormBytes = 16 * 1024;
const pageHeaders = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

export function createProductPage(options: ProductPageOptions): Handler {
  const results = createRequestResults();
  const { timeoutMs } = options;
  const upstreams = createUpstreams({ urls: options.urls, results, ...(timeoutMs !== undefined && { timeoutMs }) });
  const floodFactor = options.floodFactor ?? 0;

  const showProduct = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const headers = outgoingHeaders(request);
    const details = await upstreams.fetch('details', String(product.id), headers);
    if (floodFactor > 0) await upstreams.floodReviews(floodFactor, headers);
    const reviews = await upstreams.fetch('reviews', String(product.id), headers);
    sendHtml(response, productPage({ product, details, reviews, user: sessionUser(request) }));
  };

  const answerApi = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const [, id, part] = /^\/api\/v1\/products\/([\w-]+)(?:\/(reviews|ratings))?$/.exec(path) ?? [];
    if (id === undefined) return sendNotFound(response);
    const destination = (part ?? 'details') as Destination;
    const outcome = await upstreams.fetch(destination, id, outgoingHeaders(request));
    sendJson(response, outcome.status, outcome.body);
  };

  return async (request, response) => {
    const path = requestPath(request);
    if (path === '/login') {
      if (request.method !== 'POST') return sendMethodNotAllowed(response, 'POST');
      return await signIn(request, response);
    }
    if (!isRead(request)) return sendMethodNotAllowed(response, 'GET, HEAD');
    switch (path) {
      case '/':
      case '/index.html':
        return sendHtml(response, homePage(sessionUser(request)));
      case '/productpage':
        return await showProduct(request, response);
      case '/logout':
        return redirectBack(request, response, signOutCookie);
      case '/static/bookinfo.css':
        return sendText(response, 200, stylesheet, 'text/css; charset=utf-8', { 'cache-control': 'max-age=300' });
      case '/health':
        return sendText(response, 200, 'Product page is healthy');
      case '/metrics':
        return sendText(response, 200, results.print(), metricsContentType);
      case '/api/v1/products':
        return sendJson(response, 200, products);
      default:
        return await answerApi(request, response, path);
    }
  };
}

/** What the request brought, and the signed-in user, who wins over an `end-user` header from outside. */
function outgoingHeaders(request: IncomingMessage): Record<string, string> {
  const headers = forwardedHeaders(request.headers);
  const user = sessionUser(request);
  if (user !== undefined) headers['end-user'] = endUserHeader(user);
  return headers;
}

async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, maxFormBytes);
  if (body === undefined) return sendJson(response, 413, { error: 'the form is too large' });
  const user = cleanUserName(new URLSearchParams(body).get('username'));
  redirectBack(request, response, user === undefined ? undefined : signInCookie(user));
}

function redirectBack(request: IncomingMessage, response: ServerResponse, cookie: string | undefined): void {
  const location = request.headers.referer || 'productpage';
  sendText(response, 302, '', 'text/plain; charset=utf-8', { location, ...(cookie && { 'set-cookie': cookie }) });
}

function sendHtml(response: ServerResponse, html: string): void {
  sendText(response, 200, html, 'text/html; charset=utf-8', pageHeaders);
}
