import { MeshwiseError } from '@meshwise/core';
import type { LoadInput } from '@meshwise/load';
import { withHost } from './with-host.ts';

/**
 * Connections are opened and caches filled before each block. It may be short, since generators are kept from block to block and
 * servers run all the time.
 */
const WARM_UP_MS = 500;
/** What would make blocks unlike each other, or send them somewhere else than the variant says. */
const NOT_IN_BLOCKS = ['stages', 'maxRequests', 'resolve', 'unixSocketPath'] as const;

/** The load of one block: one rate for the time of the block, and the same Host header in every variant. Throws MW8001. */
export function blockLoad(load: LoadInput, blockMs: number, host: string): LoadInput {
  for (const field of NOT_IN_BLOCKS) {
    const given = load[field];
    if (given === undefined || given === null) continue;
    throw new MeshwiseError('MW8001', 'a comparison with and without sidecars has blocks of one rate to one service', {
      field: `load.${field}`,
      expected: 'none',
    });
  }
  return { ...withHost(load, host), durationMs: blockMs, warmUpMs: load.warmUpMs ?? WARM_UP_MS };
}
