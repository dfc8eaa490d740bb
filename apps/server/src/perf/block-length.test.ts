import { describe, expect, it } from 'vitest';
import { blockLength } from './block-length.ts';

const refused = (field: string) =>
  expect.objectContaining({ code: 'MW8001', details: expect.objectContaining({ field }) });

describe('the blocks of a comparison', () => {
  it('take what was asked for, or as long as the load, or five seconds ten times', () => {
    expect(blockLength({ load: {} }, 3)).toEqual({ rounds: 10, blockMs: 5_000 });
    expect(blockLength({ load: { durationMs: 2_000 } }, 3)).toEqual({ rounds: 10, blockMs: 2_000 });
    const compareMesh = { rounds: 4, blockMs: 3_000 };
    expect(blockLength({ load: { durationMs: 2_000 }, compareMesh }, 3)).toEqual({ rounds: 4, blockMs: 3_000 });
  });

  it('cannot be made of a duration in which nothing is measured, or that is a day', () => {
    for (const durationMs of [10, 86_400_000]) {
      expect(() => blockLength({ load: { durationMs } }, 3)).toThrow(refused('load.durationMs'));
    }
  });

  it('do not take days together', () => {
    const compareMesh = { rounds: 1_000, blockMs: 600_000 };
    expect(() => blockLength({ load: {}, compareMesh }, 2)).toThrow(refused('compareMesh.rounds'));
  });
});
