import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { ManualClock } from '@meshwise/core';
import { afterAll, describe, expect, it } from 'vitest';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { envoyPath } from '../testing/envoy-path.ts';
import { testScratch } from '../testing/scratch.ts';
import type { CheckUnit } from './check-unit.ts';
import { type ScratchAnswer, type ScratchEnvoy, Verdicts } from './verdicts.ts';

const regex = (pattern: string): CheckUnit => ({ kind: 'regex', pattern });
const cluster = (name: string, altStatName = ''): CheckUnit => {
  const message = create(ClusterSchema, { name, altStatName });
  return { kind: 'resource', resource: { type: 'CDS', name, message }, clusters: [] };
};

/** Refuses what has the word `bad` in it, and counts. */
function fussy() {
  let asked = 0;
  const scratch: ScratchEnvoy = (bootstrap) => {
    asked += 1;
    const isBad = Buffer.from(bootstrap).includes('bad');
    return Promise.resolve(isBad ? { status: 'refused', message: 'it is bad' } : { status: 'accepted' });
  };
  return { scratch, asked: () => asked };
}

describe('verdicts', () => {
  it('are pending at first, and asked for together', async () => {
    const { scratch, asked } = fussy();
    let news = 0;
    const verdicts = new Verdicts(scratch, () => {
      news += 1;
    });
    const units = Array.from({ length: 100 }, (_, index) => regex(`a${index}`));
    expect(units.map((unit) => verdicts.of(unit).status)).toEqual(units.map(() => 'pending'));
    await verdicts.settled();
    expect(units.map((unit) => verdicts.of(unit).status)).toEqual(units.map(() => 'accepted'));
    expect([asked(), news]).toEqual([1, 1]);
  });

  it('find the culprits among many, and remember by content', async () => {
    const { scratch, asked } = fussy();
    const verdicts = new Verdicts(scratch);
    const patterns = ['a', 'b', 'bad', 'c', 'd', 'bad too', 'e'];
    for (const pattern of patterns) verdicts.of(regex(pattern));
    await verdicts.settled();
    const before = asked();
    const refused = patterns.filter((pattern) => verdicts.of(regex(pattern)).status === 'refused');
    expect(refused).toEqual(['bad', 'bad too']);
    expect(verdicts.of(regex('bad'))).toEqual({ status: 'refused', message: 'it is bad' });
    expect(asked()).toBe(before);
  });

  it('ask about two clusters of one name one after the other', async () => {
    const { scratch, asked } = fussy();
    const verdicts = new Verdicts(scratch);
    for (const unit of [cluster('a'), cluster('a', 'other'), cluster('b')]) verdicts.of(unit);
    await verdicts.settled();
    expect(asked()).toBe(2);
    expect(verdicts.of(cluster('a', 'other')).status).toBe('accepted');
  });

  it('say at once when there is nobody to ask, and later when there turns out to be nobody', async () => {
    expect(new Verdicts(undefined).of(regex('a')).status).toBe('unavailable');
    const verdicts = new Verdicts(() => Promise.resolve({ status: 'unavailable', message: 'no Envoy' }));
    verdicts.of(regex('a'));
    await verdicts.settled();
    expect(verdicts.of(regex('a'))).toEqual({ status: 'unavailable', message: 'no Envoy' });
  });
});

describe('verdicts that nobody gives', () => {
  it('hold for a while, and are asked for again then, with what is found', async () => {
    const clock = new ManualClock();
    let answer: ScratchAnswer = { status: 'undecided', message: 'busy' };
    let news = 0;
    const verdicts = new Verdicts(
      () => Promise.resolve(answer),
      () => {
        news += 1;
      },
      clock,
    );
    verdicts.of(regex('a'));
    await verdicts.settled();
    expect([verdicts.of(regex('a')), news]).toEqual([{ status: 'undecided', message: 'busy' }, 1]);
    answer = { status: 'accepted' };
    await clock.advance(60_000);
    expect([verdicts.of(regex('a')).status, news]).toEqual(['pending', 2]);
    await verdicts.settled();
    expect(verdicts.of(regex('a')).status).toBe('accepted');
  });

  it('are asked aside only when nobody else asks, also between the halves of a batch', async () => {
    const asked: string[] = [];
    const verdicts = new Verdicts((bootstrap) => {
      const text = Buffer.from(bootstrap).toString('latin1');
      asked.push(['aside', 'first'].filter((word) => text.includes(word)).join());
      if (asked.length === 1) verdicts.of(regex('first'));
      return Promise.resolve(text.includes('bad') ? { status: 'refused', message: 'bad' } : { status: 'accepted' });
    });
    const aside = verdicts.aside();
    for (const pattern of ['aside', 'aside bad']) aside.of(regex(pattern));
    expect([verdicts.isAsking, aside.isAsking]).toEqual([false, true]);
    await aside.settled();
    expect(asked).toEqual(['aside', 'first', 'aside', 'aside']);
    expect(verdicts.of(regex('aside bad')).status).toBe('refused');
  });
});

const envoy = envoyPath();
describe.skipIf(envoy === undefined)('verdicts of a real Envoy', () => {
  const directory = mkdtempSync(join(tmpdir(), 'verdicts-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  async function judge(units: readonly CheckUnit[]) {
    const scratch = testScratch(envoy ?? '', directory);
    const verdicts = new Verdicts(scratch.ask);
    for (const unit of units) verdicts.of(unit);
    await verdicts.settled();
    return { verdicts: units.map((unit) => verdicts.of(unit)), starts: scratch.starts() };
  }

  it('know RE2, which has no look-ahead, and CEL', async () => {
    const { verdicts } = await judge([
      regex('^/v[0-9]+$'),
      regex('(?!a)b'),
      { kind: 'rewrite', pattern: '^/(.*)$', substitution: '/\\1' },
      { kind: 'rewrite', pattern: '(', substitution: '' },
      { kind: 'expression', text: 'response.code >= 400' },
      { kind: 'expression', text: 'response.code >=' },
    ]);
    expect(verdicts.map(({ status }) => status)).toEqual([
      ...['accepted', 'refused', 'accepted', 'refused', 'accepted', 'refused'],
    ]);
    expect(verdicts[1]).toMatchObject({ message: expect.stringContaining('(?!') });
  });

  it('judge two hundred good pieces with one start', async () => {
    const { verdicts, starts } = await judge(
      Array.from({ length: 200 }, (_, index) => regex(`^/path/${index}/[a-z]+$`)),
    );
    expect(verdicts.every(({ status }) => status === 'accepted')).toBe(true);
    expect(starts).toBe(1);
  });
});
