import { expect, test } from 'vitest';
import { call } from '../testing/client.ts';
import { startStub } from '../testing/stub.ts';
import { behaviourOf, lateMs } from './moods.ts';
import { createRatings } from './ratings.ts';

const minuteMs = 60_000;
const at = (version: string, afterMs: number) => {
  let nowMs = 1_000;
  const behaviour = behaviourOf(version, { nowMs: () => nowMs, random: () => 0.9 });
  nowMs += afterMs;
  return [behaviour.mood(), behaviour.healthy()];
};

test('v-unavailable changes every minute, and says it is healthy all the time', () => {
  expect(at('v-unavailable', minuteMs - 1)).toEqual(['ok', true]);
  expect(at('v-unavailable', minuteMs)).toEqual(['unavailable', true]);
  expect(at('v-unavailable', 2 * minuteMs)).toEqual(['ok', true]);
});

test('v-unhealthy changes every fifteen minutes, and its health with it', () => {
  expect(at('v-unhealthy', 15 * minuteMs - 1)).toEqual(['ok', true]);
  expect(at('v-unhealthy', 15 * minuteMs)).toEqual(['unavailable', false]);
  expect(at('v-unhealthy', 30 * minuteMs)).toEqual(['ok', true]);
});

test('an unhealthy service answers 500 to health checks and 503 to everything else', async () => {
  let nowMs = 0;
  const service = await startStub(
    createRatings({ version: 'v-unhealthy', chance: { nowMs: () => nowMs, random: () => 0 } }),
  );
  nowMs = 15 * minuteMs;
  const health = await call(`${service.url}/health`);
  expect([health.status, health.text]).toEqual([500, '{"status":"Ratings is not healthy"}']);
  const ratings = await call(`${service.url}/ratings/0`);
  expect([ratings.status, ratings.text]).toEqual([503, '{"error":"Service unavailable"}']);
});

test('v-faulty and v-delayed strike below one half', () => {
  const mood = (version: string, random: number) =>
    behaviourOf(version, { nowMs: () => 0, random: () => random }).mood();
  expect([mood('v-faulty', 0.499), mood('v-faulty', 0.5)]).toEqual(['unavailable', 'ok']);
  expect([mood('v-delayed', 0.499), mood('v-delayed', 0.5)]).toEqual(['late', 'ok']);
});

test('v-delayed answers as usual, but late', async () => {
  const service = await startStub(
    createRatings({ version: 'v-delayed', lateMs: 80, chance: { nowMs: () => 0, random: () => 0 } }),
  );
  const answer = await call(`${service.url}/ratings/0`);
  expect(answer.text).toBe('{"id":0,"ratings":{"Reviewer1":5,"Reviewer2":4}}');
  expect(answer.tookMs).toBeGreaterThan(75);
  expect(lateMs).toBe(7_000);
});
