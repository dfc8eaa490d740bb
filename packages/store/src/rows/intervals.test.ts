import { describe, expect, it } from 'vitest';
import { sampleInterval } from '../testing/samples.ts';
import { decodeIntervals, encodeIntervals, INTERVAL_FORMAT } from './intervals.ts';

describe('stored intervals', () => {
  const hour = Array.from({ length: 3_600 }, (_, second) => ({
    ...sampleInterval(second),
    service: Array.from({ length: 200 }, (__, index) => second + index * 3),
  }));

  it('of an hour are a small part of their text', async () => {
    const data = await encodeIntervals(hour);
    expect(data.length).toBeLessThan(JSON.stringify(hour).length / 5);
    expect(await decodeIntervals('any', INTERVAL_FORMAT, data)).toEqual(hour);
  });

  it.each([
    ['nothing', 0],
    ['less than the end', 1_000],
  ])('of which %s is there are an error with the name of the run', async (_name, length) => {
    const data = (await encodeIntervals(hour)).subarray(0, length);
    const decoded = decodeIntervals('run-1', INTERVAL_FORMAT, data);
    await expect(decoded).rejects.toMatchObject({ code: 'MW8102', summary: expect.stringContaining('run-1') });
  });
});
