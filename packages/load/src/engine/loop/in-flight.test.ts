import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import { Backlog } from './backlog.ts';
import { weightedChoice } from './choose-request.ts';
import { InFlight } from './in-flight.ts';
import { Slot } from './slot.ts';

const nobody = () => {};
const slot = new Slot({ opened: nobody, room: nobody, sentLater: nobody, done: nobody, failed: nobody, lost: nobody });

describe('requests under way', () => {
  it('are known by their tokens, the oldest first, whichever of them end', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(200), { nil: null }), { maxLength: 400 }), (steps) => {
        const table = new InFlight();
        let model: { token: number; sentNs: number }[] = [];
        steps.forEach((remove, sentNs) => {
          const gone = remove === null || model.length === 0 ? undefined : model[remove % model.length];
          if (gone === undefined) model.push({ token: table.add(slot, sentNs - 1, sentNs), sentNs });
          else {
            table.remove(gone.token);
            model = model.filter((one) => one !== gone);
          }
          expect(table.oldest).toBe(model[0]?.token ?? -1);
          expect(table.size).toBe(model.length);
        });
        for (const { token, sentNs } of model) {
          expect([table.intendedNs(token), table.sentNs(token)]).toEqual([sentNs - 1, sentNs]);
        }
      }),
    );
  });
});

describe('the backlog', () => {
  it('gives back what waits in order, and takes no more than it may', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.array(fc.boolean(), { maxLength: 600 }), (most, steps) => {
        const backlog = new Backlog(most);
        const model: number[] = [];
        steps.forEach((isPush, time) => {
          if (isPush) {
            expect(backlog.push(time)).toBe(model.length < most);
            if (model.length < most) model.push(time);
          } else if (model.length > 0) expect(backlog.shift()).toBe(model.shift());
          expect(backlog.size).toBe(model.length);
        });
      }),
    );
  });
});

describe('weighted requests', () => {
  it('are drawn as often as their weights say, and the same for the same seed', () => {
    const draw = (seed: number) => {
      const choose = weightedChoice([1, 3, 6], seededRandom(seed));
      return Array.from({ length: 10_000 }, choose);
    };
    const shares = [0, 1, 2].map((index) => draw(1).filter((one) => one === index).length / 10_000);
    // Three standard deviations of a share of 10,000 draws are 0.015 at most.
    [0.1, 0.3, 0.6].forEach((weight, index) => {
      expect(Math.abs((shares[index] ?? 0) - weight)).toBeLessThan(0.02);
    });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
