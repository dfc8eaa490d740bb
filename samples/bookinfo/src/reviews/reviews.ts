/**
 * Two reviews of every book. v1 shows no stars; v2 and v3 ask ratings for them and differ in colour and patience:
 * black stars wait 10 s, any other colour 2.5 s. When ratings fail the answer is still 200 and says so in each review.
 */
import { hostname } from 'node:os';
import { forwardedHeaders } from '../http/forwarded-headers.ts';
import { sendJson, sendMethodNotAllowed, sendNotFound, sendText } from '../http/reply.ts';
import { isRead, productId, requestPath } from '../http/request.ts';
import type { Handler } from '../http/serve.ts';
import { serviceUrl } from '../http/service-url.ts';
import { fetchStars, type Stars } from './stars.ts';

export interface ReviewsOptions {
  /** Colour and source of the stars; absent: reviews without stars (v1). */
  readonly stars?: { readonly color: string; readonly ratingsUrl: string; readonly timeoutMs: number };
  readonly podName: string;
  readonly clusterName: string;
}

const reviews: readonly { readonly reviewer: keyof Stars; readonly text: string }[] = [
  {
    reviewer: 'Reviewer1',
    text: 'An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!',
  },
  {
    reviewer: 'Reviewer2',
    text: 'Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.',
  },
];

export function starsTimeoutMs(color: string): number {
  return color === 'black' ? 10_000 : 2_500;
}

export function reviewsOptions(env: NodeJS.ProcessEnv): ReviewsOptions {
  const color = env['STAR_COLOR'] || 'black';
  const enabled = env['ENABLE_RATINGS']?.toLowerCase() === 'true';
  const stars = { color, ratingsUrl: serviceUrl('ratings', env), timeoutMs: starsTimeoutMs(color) };
  return {
    ...(enabled ? { stars } : {}),
    podName: env['HOSTNAME'] || hostname(),
    clusterName: env['CLUSTER_NAME'] || 'null',
  };
}

export function createReviews(options: ReviewsOptions): Handler {
  return async (request, response) => {
    const path = requestPath(request);
    if (path === '/health') {
      if (!isRead(request)) return sendMethodNotAllowed(response, 'GET, HEAD');
      return sendText(response, 200, '{"status": "Reviews is healthy"}', 'application/json');
    }
    const id = path.startsWith('/reviews/') ? productId(path.slice('/reviews/'.length)) : undefined;
    if (id === undefined) return sendNotFound(response);
    if (!isRead(request)) return sendMethodNotAllowed(response, 'GET, HEAD');
    const stars =
      options.stars && (await fetchStars(id, { ...options.stars, headers: forwardedHeaders(request.headers) }));
    sendJson(response, 200, {
      id: String(id),
      podname: options.podName,
      clustername: options.clusterName,
      reviews: reviews.map((review) => ({
        ...review,
        ...(options.stars && { rating: ratingOf(stars?.[review.reviewer], options.stars.color) }),
      })),
    });
  };
}

function ratingOf(stars: number | undefined, color: string): object {
  return stars === undefined ? { error: 'Ratings service is currently unavailable' } : { stars, color };
}
