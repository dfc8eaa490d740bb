/** The product page against real small services (004-92; Lab 6 rests on its timeouts and words). */
import { expect, test } from 'vitest';
import { createDetails } from '../details/details.ts';
import { sendJson } from '../http/reply.ts';
import type { Handler } from '../http/serve.ts';
import { createRatings } from '../ratings/ratings.ts';
import { createReviews } from '../reviews/reviews.ts';
import { call } from '../testing/client.ts';
import { type Stub, startStub } from '../testing/stub.ts';
import { createProductPage } from './productpage.ts';
import { upstreamTimeoutMs, upstreamUrls } from './upstreams.ts';

interface Application {
  readonly page: Stub;
  readonly details: Stub;
  readonly reviews: Stub;
  readonly ratings: Stub;
}

interface Parts {
  readonly details?: Handler;
  readonly reviews?: Handler;
  readonly color?: string;
  readonly timeoutMs?: number;
  readonly floodFactor?: number;
}

async function startApplication(parts: Parts = {}): Promise<Application> {
  const ratings = await startStub(createRatings({ version: 'v1' }));
  const stars = { color: parts.color ?? 'black', ratingsUrl: `${ratings.url}/ratings`, timeoutMs: 1_000 };
  const reviewsHandler = parts.reviews ?? createReviews({ podName: 'reviews-pod', clusterName: 'null', stars });
  const reviews = await startStub(reviewsHandler);
  const details = await startStub(parts.details ?? createDetails());
  const urls = {
    details: `${details.url}/details`,
    reviews: `${reviews.url}/reviews`,
    ratings: `${ratings.url}/ratings`,
  };
  const { timeoutMs = 1_000, floodFactor = 0 } = parts;
  return { page: await startStub(createProductPage({ urls, timeoutMs, floodFactor })), details, reviews, ratings };
}

const silent: Handler = () => {};
const failing: Handler = (_request, response) => sendJson(response, 503, {});
const sorry = (what: string) => `Sorry, product ${what} are currently unavailable for this book.`;

test('the page shows the book, its details, its reviews and red stars', async () => {
  const { page } = await startApplication({ color: 'red' });
  const answer = await call(`${page.url}/productpage`);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text).toContain('<title>Simple Bookstore App</title>');
  expect(answer.text).toContain('The Comedy of Errors');
  expect(answer.text).toContain('William Shakespeare');
  expect(answer.text).toContain('aria-label="5 out of 5 stars, red">★★★★★<');
  expect(answer.text).toContain('aria-label="4 out of 5 stars, red">★★★★☆<');
  expect(answer.text).toContain('Reviews served by <code>reviews-pod</code>');
});

test('stars of reviews v2 are black, and reviews v1 has none', async () => {
  const black = await startApplication();
  expect((await call(`${black.page.url}/productpage`)).text).toContain('data-color="black"');
  const none = await startApplication({ reviews: createReviews({ podName: 'p', clusterName: 'c' }) });
  const text = (await call(`${none.page.url}/productpage`)).text;
  expect(text).toContain('slapstick');
  expect(text).not.toContain('★');
  expect(text).toContain('on cluster <code>c</code>');
});

test('signing in takes any password, goes back, and sends the user on to every service (Lab 5)', async () => {
  const { page, details, reviews, ratings } = await startApplication();
  const from = `${page.url}/productpage`;
  const signIn = await call(`${page.url}/login`, {
    method: 'POST',
    body: 'username=jason&passwd=anything',
    headers: { referer: from, 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect([signIn.status, signIn.headers.location]).toEqual([302, from]);
  const cookie = signIn.headers['set-cookie']?.[0] ?? '';
  expect(cookie).toMatch(/^session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/);

  const session = cookie.split(';', 1)[0] ?? '';
  const answer = await call(from, { headers: { cookie: session, 'end-user': 'somebody else' } });
  expect(answer.text).toContain('Signed in as <b>jason</b>');
  for (const service of [details, reviews, ratings]) {
    expect(service.requests[0]?.headers).toMatchObject({ 'end-user': 'jason', cookie: session });
  }
  const signOut = await call(`${page.url}/logout`, { headers: { cookie: session, referer: from } });
  expect([signOut.status, signOut.headers.location]).toEqual([302, from]);
  expect(signOut.headers['set-cookie']?.[0]).toContain('Max-Age=0');
});

test('without a session no user is sent, and an end-user from outside is passed on', async () => {
  const { page, details } = await startApplication();
  await call(`${page.url}/productpage`);
  await call(`${page.url}/productpage`, { headers: { 'end-user': 'naruto', 'x-request-id': 'r-9' } });
  expect(details.requests[0]?.headers).not.toHaveProperty('end-user');
  expect(details.requests[1]?.headers).toMatchObject({ 'end-user': 'naruto', 'x-request-id': 'r-9' });
});

test('names beyond ASCII and names that try HTML are harmless', async () => {
  const { page, details } = await startApplication();
  const cookieFor = (name: string) => ({ cookie: `session=${Buffer.from(name).toString('base64url')}` });
  expect((await call(`${page.url}/productpage`, { headers: cookieFor('Zoë 名') })).status).toBe(200);
  const received = details.requests[0]?.headers['end-user'];
  expect(Buffer.from(String(received), 'latin1').toString('utf8')).toBe('Zoë 名');
  const { text } = await call(`${page.url}/productpage`, { headers: cookieFor('<script>\r\nx: y') });
  expect(text).toContain('Signed in as <b>&lt;script&gt;x: y</b>');
});

test('reviews get two tries of three seconds, details one: the deliberate mistake of the sample (Lab 6)', async () => {
  const { page, details, reviews } = await startApplication({ reviews: silent, timeoutMs: 150 });
  const answer = await call(`${page.url}/productpage`);
  expect(reviews.requests).toHaveLength(2);
  expect(details.requests).toHaveLength(1);
  expect(answer.status).toBe(200);
  expect(answer.tookMs).toBeGreaterThan(2 * 150 - 10);
  expect(answer.tookMs).toBeLessThan(2 * 150 + 400);
  expect(answer.text).toContain('Error fetching product reviews!');
  expect(answer.text).toContain(sorry('reviews'));
  expect(answer.text).not.toContain('Error fetching product details!');
  expect(upstreamTimeoutMs).toBe(3_000);
});

test('when the first try fails and the second succeeds, the page shows the second', async () => {
  let tries = 0;
  const secondTime: Handler = (_request, response) => {
    tries += 1;
    sendJson(response, tries === 1 ? 503 : 200, { podname: 'second', reviews: [] });
  };
  const { page } = await startApplication({ reviews: secondTime });
  expect((await call(`${page.url}/productpage`)).text).toContain('<code>second</code>');
});

test('failing details leave the reviews on the page', async () => {
  const { page, details } = await startApplication({ details: failing });
  const { text } = await call(`${page.url}/productpage`);
  expect(details.requests).toHaveLength(1);
  expect(text).toContain('Error fetching product details!');
  expect(text).toContain(sorry('details'));
  expect(text).toContain('slapstick');
});

test('failing ratings are said in each review (Lab 6, abort)', async () => {
  const stars = { color: 'black', ratingsUrl: 'http://127.0.0.1:1/ratings', timeoutMs: 500 };
  const { page } = await startApplication({ reviews: createReviews({ podName: 'p', clusterName: 'null', stars }) });
  const { text } = await call(`${page.url}/productpage`);
  expect(text.match(/Ratings service is currently unavailable/g)).toHaveLength(2);
});

test('the API answers with products, details, reviews and ratings', async () => {
  const { page } = await startApplication();
  const api = `${page.url}/api/v1/products`;
  expect((await call(api)).json).toMatchObject([{ id: 0, title: 'The Comedy of Errors' }]);
  expect((await call(`${api}/0`)).json).toMatchObject({ id: 0, author: 'William Shakespeare' });
  expect((await call(`${api}/0/reviews`)).json).toMatchObject({ id: '0', podname: 'reviews-pod' });
  expect((await call(`${api}/0/ratings`)).json).toEqual({ id: 0, ratings: { Reviewer1: 5, Reviewer2: 4 } });
  expect((await call(`${api}/0/prices`)).status).toBe(404);
  expect((await call(`${api}/..`)).status).toBe(404);
});

test('the API passes a status on and explains a failure in the same words as the page', async () => {
  const { page } = await startApplication({ details: failing, reviews: silent, timeoutMs: 60 });
  const details = await call(`${page.url}/api/v1/products/0`);
  expect([details.status, details.json]).toEqual([503, { error: sorry('details') }]);
  const reviews = await call(`${page.url}/api/v1/products/0/reviews`);
  expect([reviews.status, reviews.json]).toEqual([500, { error: sorry('reviews') }]);
  const ratings = await call(`${page.url}/api/v1/products/first/ratings`);
  expect([ratings.status, ratings.json]).toEqual([400, { error: sorry('ratings') }]);
});

test('results are counted by destination and status', async () => {
  const { page } = await startApplication({ details: failing });
  await call(`${page.url}/productpage`);
  await call(`${page.url}/productpage`);
  const metrics = await call(`${page.url}/metrics`);
  expect(metrics.text.split('\n')).toEqual([
    '# HELP request_result_total Results of requests',
    '# TYPE request_result_total counter',
    'request_result_total{destination_app="details",response_code="503"} 2',
    'request_result_total{destination_app="reviews",response_code="200"} 2',
    '',
  ]);
});

test('flooding sends as many requests to reviews as told before each page', async () => {
  const { page, reviews } = await startApplication({ floodFactor: 20 });
  expect((await call(`${page.url}/productpage`)).status).toBe(200);
  expect(reviews.requests).toHaveLength(21);
});

test('home, health and style are there; other paths and methods are not', async () => {
  const { page } = await startApplication();
  for (const path of ['/', '/index.html']) expect((await call(page.url + path)).text).toContain('Simple Bookstore App');
  const health = await call(`${page.url}/health`);
  expect([health.status, health.text]).toEqual([200, 'Product page is healthy']);
  const style = await call(`${page.url}/static/bookinfo.css`);
  expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
  expect(style.text).toContain('prefers-color-scheme: dark');
  expect((await call(`${page.url}/static/other.css`)).status).toBe(404);
  expect((await call(`${page.url}/productpage`, { method: 'POST' })).status).toBe(405);
  expect((await call(`${page.url}/login`)).status).toBe(405);
});

test('the environment says where the services are', () => {
  expect(upstreamUrls({})).toEqual({
    details: 'http://details:9080/details',
    reviews: 'http://reviews:9080/reviews',
    ratings: 'http://ratings:9080/ratings',
  });
  const env = { SERVICES_DOMAIN: 'books.svc', DETAILS_HOSTNAME: 'facts', REVIEWS_SERVICE_PORT: '80' };
  expect(upstreamUrls(env)).toMatchObject({
    details: 'http://facts.books.svc:9080/details',
    reviews: 'http://reviews.books.svc:80/reviews',
  });
});
