import { setTimeout as sleep } from 'node:timers/promises';
import { difference } from './agreement.ts';
import type { Fixture, Question } from './fixture.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Side } from './side.ts';
import type { World } from './world.ts';

export interface Comparison {
  readonly requests: number;
  /** Question → what differs; undefined where both agree. */
  readonly differences: readonly (string | undefined)[];
  /** What istiod's side did, for the question whether the fixture does anything at all. */
  readonly istio: readonly (readonly Outcome[])[];
  /** What our proxies refused meanwhile. */
  readonly rejected: readonly string[];
}

/** Busy machines make requests late, and a mirrored request comes when it comes: a difference must show three times. */
const TRIES = 3;
/** One answer of several that are all right says little: the last time a question is asked so often that shares can be told apart. */
const LAST_TIMES = 30;
/** Long enough for mirrored requests and attempts that nobody waits for. */
const AFTERMATH_MS = 60;
const LANES = 8;

/** Applies a fixture to both sides and asks both its questions. */
export async function compare(world: World, fixture: Fixture): Promise<Comparison> {
  const rejectedBefore = world.ours.rejections().length;
  await world.replace(fixture.resources, fixture);
  let requests = 0;
  const lanes = fixture.inOrder === true ? 1 : LANES;
  const asked = async (question: Question) => {
    const [istio, ours] = await Promise.all(
      [world.istio, world.ours].map((side) => sample(world, side, question, lanes)),
    );
    requests += (istio?.length ?? 0) + (ours?.length ?? 0);
    return { istio: istio ?? [], differs: difference(istio ?? [], ours ?? [], fixture.inOrder) };
  };
  const results = await inLanes(fixture.questions, lanes, asked);
  const again = fixture.inOrder === true ? [] : fixture.questions;
  for (let round = 1; round < TRIES; round += 1) {
    for (const [index, question] of again.entries()) {
      const before = results[index];
      if (before?.differs === undefined) continue;
      await sleep(100);
      const isLast = round === TRIES - 1 && question.times === undefined;
      const after = await asked(isLast ? { ...question, times: LAST_TIMES } : question);
      results[index] = after;
    }
  }
  return {
    requests,
    differences: results.map(({ differs }) => differs),
    istio: results.map(({ istio }) => istio),
    rejected: world.ours.rejections().slice(rejectedBefore),
  };
}

let keys = 0;

/** Asks one side a question as often as it says. */
export async function sample(world: World, side: Side, question: Question, lanes = LANES): Promise<readonly Outcome[]> {
  const { via, times = 1, atOnce, ...rest } = question;
  const one = async () => {
    keys += 1;
    const key = `${side.name}-${keys}`;
    const reply = await side[via].ask({ ...rest, key });
    return { key, reply };
  };
  const replies = await inLanes(Array.from({ length: times }), atOnce === true ? times : lanes, one);
  await sleep(AFTERMATH_MS);
  return replies.map(({ key, reply }) => outcomeOf(reply, world.backends.take(key)));
}

/** Work on all items, so many at a time. */
export async function inLanes<T, R>(items: readonly T[], lanes: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}
