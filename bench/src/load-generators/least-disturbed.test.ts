import { expect, test } from 'vitest';
import { leastDisturbed } from './least-disturbed.ts';

function tries(...foreignPercents: number[]) {
  let made = 0;
  return {
    run: async () => ({ foreignPercent: foreignPercents[made] ?? Number.NaN, at: made++ }),
    get made() {
      return made;
    },
  };
}

test('what nobody disturbed is measured once', async () => {
  const calm = tries(3, 0);
  expect(await leastDisturbed({ left: 9 }, calm.run)).toEqual({ foreignPercent: 3, at: 0 });
  expect(calm.made).toBe(1);
});

test('of three disturbed tries the least disturbed counts, wherever it was', async () => {
  const busy = tries(80, 30, 60, 0);
  expect(await leastDisturbed({ left: 9 }, busy.run)).toEqual({ foreignPercent: 30, at: 1 });
  expect(busy.made).toBe(3);
});

test('no more is repeated than there is time for', async () => {
  const repeats = { left: 1 };
  const busy = tries(80, 70, 60);
  expect(await leastDisturbed(repeats, busy.run)).toEqual({ foreignPercent: 70, at: 1 });
  expect(await leastDisturbed(repeats, tries(90, 1).run)).toEqual({ foreignPercent: 90, at: 0 });
});
