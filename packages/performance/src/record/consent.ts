import { MeshwiseError } from '@meshwise/core';
import type { RequestedRun } from './command.ts';

/**
 * Load on what is neither this machine nor this mesh takes a user who says so, at a rate and for a time of his own choosing: a
 * default is nobody's decision. Throws MW8004 with what is missing.
 */
export function requireConsent({ target, yes, load, compareMesh }: RequestedRun): void {
  const isStaged = load.stages !== undefined;
  const hasRate = isStaged || typeof load.rps === 'number' || typeof load.maxRequests === 'number';
  const hasDuration = isStaged || load.durationMs !== undefined || compareMesh?.blockMs !== undefined;
  const missing = [
    ...(yes === true ? [] : ['--yes']),
    ...(hasRate ? [] : ['a rate as a number (--rps) or a number of requests']),
    ...(hasDuration ? [] : ['a duration']),
  ];
  if (missing.length === 0) return;
  throw new MeshwiseError('MW8004', `${target} is neither this machine nor this mesh`, {
    expected: missing.join(', '),
  });
}
