import { ManualClock } from '@meshwise/core';
import { expect, test } from 'vitest';
import { empty } from '../../test/fixtures.ts';
import { FailureError, failureOf, UNREACHABLE } from '../logic/failure.ts';
import type { StreamHandlers } from './event-stream.ts';
import { LiveSource } from './live-source.ts';

const START_MS = 1_000_000;

/** A source whose reads and streams the test plays. */
function setUp() {
  const clock = new ManualClock(START_MS);
  const streams: { handlers: StreamHandlers; open: boolean }[] = [];
  const stored: string[] = [];
  const runs: unknown[] = [];
  let answer: () => Promise<unknown> = async () => {};
  const world = {
    clock,
    streams,
    stored,
    runs,
    reads: 0,
    answerWith: (next: () => Promise<unknown>) => (answer = next),
  };
  const source = new LiveSource({
    clock,
    read: () => {
      world.reads += 1;
      return answer();
    },
    store: (status) => stored.push(status.at),
    storeRuns: (received) => runs.push(received),
    openStream: (handlers) => {
      const stream = { handlers, open: true };
      streams.push(stream);
      return () => {
        stream.open = false;
      };
    },
  });
  const openStreams = () => streams.filter((stream) => stream.open);
  return { ...world, world, source, openStreams };
}

const fail = (failure = UNREACHABLE) => Promise.reject(new FailureError(failure));
const EVENT = JSON.stringify(empty(5000));

test('the status is read before the stream is opened', async () => {
  const { source, streams, world } = setUp();
  const started = source.start();
  expect(streams).toHaveLength(0);
  await started;
  expect(world.reads).toBe(1);
  expect(streams).toHaveLength(1);
  streams[0]?.handlers.opened();
  expect(source.connection()).toEqual({ phase: 'live', heardAtMs: START_MS, lastEventId: undefined });
});

test('an event stores the status and is remembered by its id', async () => {
  const { source, streams, stored } = setUp();
  await source.start();
  streams[0]?.handlers.status(EVENT, '42');
  expect(stored).toEqual([empty(5000).at]);
  expect(source.connection()).toMatchObject({ phase: 'live', lastEventId: '42' });
});

test('an event that is no status changes nothing and counts as no sign of life', async () => {
  const { source, streams, stored, clock } = setUp();
  await source.start();
  await clock.advance(9000);
  for (const data of ['{', '{"hello":1}', 'null']) streams[0]?.handlers.status(data, '43');
  expect(stored).toEqual([]);
  expect(source.connection().heardAtMs).toBe(START_MS);
});

test('a ping is a sign of life', async () => {
  const { source, streams, clock } = setUp();
  await source.start();
  await clock.advance(9000);
  streams[0]?.handlers.ping();
  expect(source.connection().heardAtMs).toBe(START_MS + 9000);
});

test('a connection that the browser mends by itself is left to it', async () => {
  const { source, streams, world, clock, openStreams } = setUp();
  await source.start();
  streams[0]?.handlers.dropped(false);
  expect(source.connection().phase).toBe('reconnecting');
  await clock.advance(60_000);
  expect(world.reads).toBe(1);
  expect(openStreams()).toHaveLength(1);
  streams[0]?.handlers.opened();
  expect(source.connection().phase).toBe('live');
});

test('a stream the browser gave up is opened again after a read', async () => {
  const { source, streams, world, clock, openStreams } = setUp();
  await source.start();
  streams[0]?.handlers.dropped(true);
  expect(openStreams()).toHaveLength(0);
  await clock.advance(1000);
  await clock.advance(0);
  expect(world.reads).toBe(2);
  expect(openStreams()).toHaveLength(1);
});

test('pauses between attempts grow to fifteen seconds, and a success starts over', async () => {
  const { source, world, clock, answerWith, openStreams } = setUp();
  answerWith(() => fail());
  await source.start();
  const gapsMs: number[] = [];
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    const before = world.reads;
    let waitedMs = 0;
    while (world.reads === before) {
      await clock.advance(1000);
      waitedMs += 1000;
    }
    gapsMs.push(waitedMs);
  }
  expect(gapsMs).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
  answerWith(async () => {});
  await clock.advance(15_000);
  expect(openStreams()).toHaveLength(1);
});

test('a failure stays while the next attempt is under way and goes with the first success', async () => {
  const { source, clock, answerWith } = setUp();
  answerWith(() => fail());
  await source.start();
  expect(source.failure()).toBe(UNREACHABLE);
  const { promise, resolve } = Promise.withResolvers<void>();
  answerWith(() => promise);
  await clock.advance(1000);
  expect(source.failure()).toBe(UNREACHABLE);
  resolve();
  await clock.advance(0);
  expect(source.failure()).toBeUndefined();
});

test('without a session it stops asking', async () => {
  const { source, world, clock, answerWith, streams } = setUp();
  answerWith(() => fail(failureOf(401, undefined)));
  await source.start();
  await clock.advance(120_000);
  expect(world.reads).toBe(1);
  expect(streams).toHaveLength(0);
});

test('pausing lets the stream go and starting again takes it up', async () => {
  const { source, openStreams, world, answerWith } = setUp();
  await source.start();
  source.pause();
  expect(openStreams()).toHaveLength(0);
  expect(source.connection().phase).toBe('paused');
  await source.refresh();
  expect(world.reads).toBe(2);
  expect(source.connection().phase).toBe('paused');
  answerWith(() => fail());
  await source.refresh();
  expect(source.failure()).toBe(UNREACHABLE);
  answerWith(async () => {});
  await source.start();
  expect(openStreams()).toHaveLength(1);
  expect(source.connection().phase).not.toBe('paused');
});

test('an answer that comes after pausing does not open a stream', async () => {
  const { source, answerWith, streams } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  answerWith(() => promise);
  const started = source.start();
  source.pause();
  resolve();
  await started;
  expect(streams).toHaveLength(0);
  expect(source.connection().phase).toBe('paused');
});

test('starting twice leaves one stream open', async () => {
  const { source, openStreams } = setUp();
  await Promise.all([source.start(), source.start()]);
  expect(openStreams()).toHaveLength(1);
});

test('listeners hear of every change until they leave', async () => {
  const { source, streams } = setUp();
  let calls = 0;
  const leave = source.subscribe(() => {
    calls += 1;
  });
  await source.start();
  streams[0]?.handlers.ping();
  const heard = calls;
  expect(heard).toBeGreaterThan(1);
  leave();
  streams[0]?.handlers.ping();
  expect(calls).toBe(heard);
});

test('news of load tests are passed on and are a sign of life', async () => {
  const { source, streams, runs, clock } = setUp();
  await source.start();
  await clock.advance(500);
  streams[0]?.handlers.runs('{"runs":[]}');
  streams[0]?.handlers.runs('no JSON');
  expect(runs).toEqual([{ runs: [] }, undefined]);
  expect(source.connection()).toMatchObject({ phase: 'live', heardAtMs: START_MS + 500 });
});
