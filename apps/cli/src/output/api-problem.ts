import type { Problem as ApiProblem } from '@meshwise/api';
import type { Problem } from '@meshwise/resources';

/** A problem found here in the form in which the daemon reports its own, so that both are printed alike. */
export function toApiProblem(problem: Problem): ApiProblem {
  const tail = [
    problem.found === undefined ? undefined : `found ${problem.found}`,
    problem.expected === undefined ? undefined : `expected ${problem.expected}`,
  ].filter((part) => part !== undefined);
  return {
    code: problem.code,
    severity: problem.severity,
    message: tail.length === 0 ? problem.message : `${problem.message} (${tail.join(', ')})`,
    file: problem.file ?? null,
    line: problem.line ?? null,
    column: problem.column ?? null,
    field: problem.field ?? null,
  };
}
