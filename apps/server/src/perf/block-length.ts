import type { RunRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { durationWords } from '@meshwise/load';

const ROUNDS = 10;
const BLOCK_MS = 5_000;
/** Of `compareMesh.blockMs`; a duration that is given instead has to keep to them too. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 600_000;
/** All blocks are read at once for a report or a file, and each second takes some ten thousand bytes. */
const MOST_MS = 6 * 3_600_000;

/** How many rounds there are, and how long each block takes. Throws MW8001 for what no schema can say. */
export function blockLength(
  { load, compareMesh = {} }: Pick<RunRequest, 'load' | 'compareMesh'>,
  variants: number,
): { readonly rounds: number; readonly blockMs: number } {
  const { rounds = ROUNDS, blockMs = load.durationMs ?? BLOCK_MS } = compareMesh;
  if (blockMs < SHORTEST_MS || blockMs > LONGEST_MS) {
    throw new MeshwiseError('MW8001', 'a block takes too short or too long', {
      field: 'load.durationMs',
      found: durationWords(blockMs),
      expected: `${durationWords(SHORTEST_MS)} to ${durationWords(LONGEST_MS)}`,
    });
  }
  const totalMs = rounds * variants * blockMs;
  if (totalMs <= MOST_MS) return { rounds, blockMs };
  throw new MeshwiseError('MW8001', 'all blocks together take too long', {
    field: 'compareMesh.rounds',
    found: durationWords(totalMs),
    expected: `at most ${durationWords(MOST_MS)}`,
  });
}
