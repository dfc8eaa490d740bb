/**
 * The details of a book. v1 knows one book by heart; v2 asks an external book service, which is what makes it the example
 * for leaving the mesh (ServiceEntry, egress).
 */
import { forwardedHeaders } from '../http/forwarded-headers.ts';
import { sendJson, sendMethodNotAllowed, sendNotFound } from '../http/reply.ts';
import { isRead, productId, requestPath } from '../http/request.ts';
import type { Handler } from '../http/serve.ts';

export interface BookDetails {
  readonly id: number;
  readonly author: string;
  readonly year: number | string;
  readonly type: string;
  readonly pages: number;
  readonly publisher: string;
  readonly language: string;
  readonly 'ISBN-10': string;
  readonly 'ISBN-13': string;
}

export type FindBook = (id: number, headers: Readonly<Record<string, string>>) => Promise<BookDetails> | BookDetails;

export const builtInBook: FindBook = (id) => ({
  id,
  author: 'William Shakespeare',
  year: 1595,
  type: 'paperback',
  pages: 200,
  publisher: 'PublisherA',
  language: 'English',
  'ISBN-10': '1234567890',
  'ISBN-13': '123-1234567890',
});

/** Every failure is a 400 with its reason, a failing external service included: the sample has always done so. */
export function createDetails(findBook: FindBook = builtInBook): Handler {
  return async (request, response) => {
    const path = requestPath(request);
    const isDetails = path === '/details' || path.startsWith('/details/');
    if (path !== '/health' && !isDetails) return sendNotFound(response);
    if (!isRead(request)) return sendMethodNotAllowed(response, 'GET, HEAD');
    if (path === '/health') return sendJson(response, 200, { status: 'Details is healthy' });
    const id = productId(path.slice('/details/'.length));
    if (id === undefined) return sendJson(response, 400, { error: 'please provide numeric product ID' });
    try {
      sendJson(response, 200, await findBook(id, forwardedHeaders(request.headers)));
    } catch (error) {
      sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}
