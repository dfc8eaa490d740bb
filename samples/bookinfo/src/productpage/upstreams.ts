/**
 * The three services the page asks, with the sample's own patience.
 *
 * Every call may take 3 s. Reviews are asked **twice**: that is the sample's deliberate mistake, for people to find. A reviews
 * service that is slow for seven seconds makes the page six seconds late and then empty, although reviews itself would
 * have waited ten; the cure is a timeout and a retry policy in the mesh, not a loop in the program.
 */
import { serviceUrl } from '../http/service-url.ts';
import { getUpstream } from '../http/upstream.ts';
import type { RequestResults } from './metrics.ts';

export type Destination = 'details' | 'reviews' | 'ratings';
type Headers = Readonly<Record<string, string>>;

export interface Outcome {
  /** The service's status, 500 when there was no answer. */
  readonly status: number;
  /** The service's JSON for 200, `{ error }` otherwise. */
  readonly body: unknown;
}

export interface UpstreamsOptions {
  readonly urls: Readonly<Record<Destination, string>>;
  readonly results: RequestResults;
  /** Of one attempt. Default 3,000 ms. */
  readonly timeoutMs?: number;
}

export interface Upstreams {
  readonly fetch: (destination: Destination, id: string, headers: Headers) => Promise<Outcome>;
  /** Sends `count` requests to reviews at once and waits for them, whatever they bring. */
  readonly floodReviews: (count: number, headers: Headers) => Promise<void>;
}

export const upstreamTimeoutMs = 3_000;
const attempts: Readonly<Record<Destination, number>> = { details: 1, reviews: 2, ratings: 1 };

export function upstreamUrls(env: NodeJS.ProcessEnv): Readonly<Record<Destination, string>> {
  return {
    details: serviceUrl('details', env),
    reviews: serviceUrl('reviews', env),
    ratings: serviceUrl('ratings', env),
  };
}

export function createUpstreams(options: UpstreamsOptions): Upstreams {
  const timeoutMs = options.timeoutMs ?? upstreamTimeoutMs;

  const ask = async (destination: Destination, id: string, headers: Headers): Promise<Outcome> => {
    try {
      const reply = await getUpstream(`${options.urls[destination]}/${id}`, { headers, timeoutMs });
      if (reply.status === 200) return { status: 200, body: JSON.parse(reply.body) };
      return { status: reply.status, body: sorry(destination) };
    } catch {
      return { status: 500, body: sorry(destination) };
    }
  };

  return {
    fetch: async (destination, id, headers) => {
      let outcome = await ask(destination, id, headers);
      for (let attempt = 1; attempt < attempts[destination] && outcome.status !== 200; attempt++) {
        outcome = await ask(destination, id, headers);
      }
      options.results.count(destination, outcome.status);
      return outcome;
    },
    floodReviews: async (count, headers) => {
      const url = `${options.urls.reviews}/0`;
      await Promise.allSettled(Array.from({ length: count }, () => getUpstream(url, { headers, timeoutMs })));
    },
  };
}

function sorry(destination: Destination): { readonly error: string } {
  return { error: `Sorry, product ${destination} are currently unavailable for this book.` };
}
