/**
 * Details v2: the book comes from an external service that answers like Google Books' volume search.
 *
 * `DO_NOT_ENCRYPT=true` calls it over plain HTTP on port 80, so that a sidecar can see the request and originate TLS itself.
 * `EXTERNAL_BOOK_SERVICE_URL` puts another service, or a local stub, in its place.
 */
import { getUpstream } from '../http/upstream.ts';
import type { BookDetails, FindBook } from './details.ts';

const isbn = '0486424618';
const volumesPath = 'www.googleapis.com/books/v1/volumes';
export const externalTimeoutMs = 5_000;

export function externalBookServiceUrl(env: NodeJS.ProcessEnv): string {
  const scheme = env['DO_NOT_ENCRYPT'] === 'true' ? 'http' : 'https';
  return env['EXTERNAL_BOOK_SERVICE_URL'] || `${scheme}://${volumesPath}`;
}

export function externalBook(serviceUrl: string, timeoutMs = externalTimeoutMs): FindBook {
  return async (id, headers) => {
    const url = new URL(serviceUrl);
    url.searchParams.set('q', `isbn:${isbn}`);
    const reply = await getUpstream(url.href, { headers, timeoutMs }).catch((error: unknown) => {
      throw new Error('could not reach the external book service', { cause: error });
    });
    if (reply.status !== 200) throw new Error(`the external book service answered ${reply.status}`);
    return toDetails(id, reply.body);
  };
}

interface Volume {
  readonly authors?: readonly string[];
  readonly publishedDate?: string;
  readonly printType?: string;
  readonly pageCount?: number;
  readonly publisher?: string;
  readonly language?: string;
  readonly industryIdentifiers?: readonly { readonly type?: string; readonly identifier?: string }[];
}

function toDetails(id: number, body: string): BookDetails {
  const volume = firstVolume(body);
  if (!volume) throw new Error('the external book service does not know the book');
  const identifier = (type: string): string =>
    volume.industryIdentifiers?.find((candidate) => candidate.type === type)?.identifier ?? 'unknown';
  return {
    id,
    author: volume.authors?.[0] ?? 'unknown',
    year: volume.publishedDate ?? 'unknown',
    type: volume.printType === 'BOOK' ? 'paperback' : 'unknown',
    pages: volume.pageCount ?? 0,
    publisher: volume.publisher ?? 'unknown',
    language: volume.language === 'en' ? 'English' : 'unknown',
    'ISBN-10': identifier('ISBN_10'),
    'ISBN-13': identifier('ISBN_13'),
  };
}

function firstVolume(body: string): Volume | undefined {
  try {
    const found = JSON.parse(body) as { items?: { volumeInfo?: Volume }[] } | null;
    return found?.items?.[0]?.volumeInfo;
  } catch {
    return undefined;
  }
}
