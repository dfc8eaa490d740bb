import type { RunRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { completePlan, describePlan } from '@meshwise/load';
import type { Failure } from '../failure.ts';
import { urlFor } from './target.ts';

export type PlanWords = { readonly words: readonly string[] } | { readonly failure: Failure };

/** Cores decide over workers only, which the daemon works out for its own machine. */
const SOME_CORES = 64;

/** What the plan says, as the daemon will say it; or what of it is not possible, without asking anybody. */
export function planWords(request: RunRequest): PlanWords {
  const url = urlFor(request.target);
  if (url === undefined) return { words: [] };
  try {
    return { words: describePlan(completePlan(request.load, url, { cores: SOME_CORES, seed: 0 })) };
  } catch (reason) {
    if (!(reason instanceof MeshwiseError)) throw reason;
    const { code, summary, details, advice } = reason;
    const found = details.found === undefined ? '' : `: ${details.found}`;
    const expected = details.expected === undefined ? '' : ` (${details.expected})`;
    return {
      failure: {
        kind: 'refused',
        code,
        message: `${summary}${found}${expected}`,
        advice,
        ...(details.field !== undefined && { field: details.field }),
      },
    };
  }
}
