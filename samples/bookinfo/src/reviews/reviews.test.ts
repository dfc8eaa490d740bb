/** Reviews and its three versions, against a ratings stub (004-92; Labs 5 and 6 rest on these answers). */
import { expect, test } from 'vitest';
import { forwardedHeaderNames } from '../http/forwarded-headers.ts';
import { sendJson, sendText } from '../http/reply.ts';
import { createRatings } from '../ratings/ratings.ts';
import { call } from '../testing/client.ts';
import { startStub } from '../testing/stub.ts';
import { createReviews, reviewsOptions, starsTimeoutMs } from './reviews.ts';

interface Reviews {
  readonly reviews: readonly { readonly rating?: unknown }[];
}

async function startReviews(ratingsUrl: string, color = 'black', timeoutMs = 1_000) {
  return await startStub(
    createReviews({
      podName: 'reviews-x',
      clusterName: 'null',
      stars: { color, ratingsUrl: `${ratingsUrl}/ratings`, timeoutMs },
    }),
  );
}

const ratingsOf = async (url: string): Promise<unknown[]> => {
  const answer = await call(`${url}/reviews/0`);
  expect(answer.status).toBe(200);
  return (answer.json as Reviews).reviews.map((review) => review.rating);
};
const unavailable = { error: 'Ratings service is currently unavailable' };

test('v1 shows two reviews without stars, its pod and its cluster', async () => {
  const options = reviewsOptions({ HOSTNAME: 'reviews-v1-abc', CLUSTER_NAME: 'east' });
  const service = await startStub(createReviews(options));
  expect((await call(`${service.url}/reviews/7`)).json).toEqual({
    id: '7',
    podname: 'reviews-v1-abc',
    clustername: 'east',
    reviews: [
      {
        reviewer: 'Reviewer1',
        text: 'An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!',
      },
      {
        reviewer: 'Reviewer2',
        text: 'Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.',
      },
    ],
  });
});

test('is healthy, and knows no other paths, no product without a number, no writing', async () => {
  const service = await startStub(createReviews(reviewsOptions({})));
  const health = await call(`${service.url}/health`);
  expect([health.status, health.text]).toEqual([200, '{"status": "Reviews is healthy"}']);
  expect((await call(`${service.url}/reviews/first`)).status).toBe(404);
  expect((await call(`${service.url}/`)).status).toBe(404);
  expect((await call(`${service.url}/reviews/0`, { method: 'POST' })).status).toBe(405);
});

test.each(['black', 'red'])('with ratings the stars are %s', async (color) => {
  const ratings = await startStub(createRatings({ version: 'v1' }));
  const service = await startReviews(ratings.url, color);
  expect(await ratingsOf(service.url)).toEqual([
    { stars: 5, color },
    { stars: 4, color },
  ]);
});

test('every header of the list reaches ratings, and no other', async () => {
  const ratings = await startStub(createRatings({ version: 'v1' }));
  const service = await startReviews(ratings.url);
  const sent = Object.fromEntries(forwardedHeaderNames.map((name) => [name, `value of ${name}`]));
  await call(`${service.url}/reviews/0`, { headers: { ...sent, 'x-not-listed': 'stays here' } });
  const received = ratings.requests[0]?.headers ?? {};
  expect(received).toMatchObject(sent);
  expect(received).not.toHaveProperty('x-not-listed');
  expect(received.host).toBe(`127.0.0.1:${ratings.port}`);
  expect(forwardedHeaderNames).toHaveLength(20);
});

test('failing ratings do not fail reviews', async () => {
  const failing = await startStub((_request, response) => sendJson(response, 500, {}));
  const nonsense = await startStub((_request, response) => sendText(response, 200, '<html>'));
  const hangingUp = await startStub((request) => void request.socket.destroy());
  for (const ratings of [failing, nonsense, hangingUp]) {
    expect(await ratingsOf((await startReviews(ratings.url)).url)).toEqual([unavailable, unavailable]);
  }
});

test('a reviewer whom ratings do not know has no stars', async () => {
  const ratings = await startStub((_request, response) =>
    sendJson(response, 200, { id: 0, ratings: { Reviewer2: 1 } }),
  );
  const service = await startReviews(ratings.url);
  expect(await ratingsOf(service.url)).toEqual([unavailable, { stars: 1, color: 'black' }]);
});

test('it waits for ratings as long as its colour says, the slow body included', async () => {
  const ratings = await startStub((_request, response) => void response.writeHead(200).write('{"id":0,'));
  const service = await startReviews(ratings.url, 'red', 100);
  const startMs = performance.now();
  expect(await ratingsOf(service.url)).toEqual([unavailable, unavailable]);
  expect(performance.now() - startMs).toBeGreaterThan(95);
  expect(performance.now() - startMs).toBeLessThan(700);
  expect([starsTimeoutMs('black'), starsTimeoutMs('red')]).toEqual([10_000, 2_500]);
});

test('the environment chooses the version and where ratings are', () => {
  expect(reviewsOptions({ ENABLE_RATINGS: 'false' }).stars).toBeUndefined();
  expect(reviewsOptions({ ENABLE_RATINGS: 'true' }).stars).toEqual({
    color: 'black',
    ratingsUrl: 'http://ratings:9080/ratings',
    timeoutMs: 10_000,
  });
  const elsewhere = {
    ENABLE_RATINGS: 'true',
    STAR_COLOR: 'red',
    RATINGS_HOSTNAME: 'stars',
    SERVICES_DOMAIN: 'shop.example',
    RATINGS_SERVICE_PORT: '80',
  };
  expect(reviewsOptions(elsewhere).stars).toEqual({
    color: 'red',
    ratingsUrl: 'http://stars.shop.example:80/ratings',
    timeoutMs: 2_500,
  });
});
