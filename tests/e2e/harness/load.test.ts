import { expect, test } from 'vitest';
import { pause } from './eventually.ts';
import { underLoad } from './load.ts';

test('load goes on while answers are slow, and counts what is not well', async () => {
  let sent = 0;
  const request = async () => {
    const number = sent++;
    if (number === 3) await pause(1_500);
    return number % 10 === 9 ? 'refused' : 'ok';
  };
  const { total, failed, sequence } = await underLoad(request, () => pause(500), 20);
  expect(total).toBe(sent);
  expect(sequence).toHaveLength(total);
  // One of the first requests took most of the time; a load that waited for it would have sent a handful.
  expect(total).toBeGreaterThan(20);
  expect(failed).toEqual({ refused: Math.floor(total / 10) });
});
