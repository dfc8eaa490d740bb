import type { Problem as ApiProblem } from '@meshwise/api';
import type { Residue } from '@meshwise/model';
import type { ParsedResource, Problem } from '@meshwise/resources';
import type { LockOut } from '../access/lock-outs.ts';

/** A problem in the words of the API. */
export function problemOf(problem: Problem): ApiProblem {
  const details = [
    problem.found === undefined ? undefined : `found ${problem.found}`,
    problem.expected === undefined ? undefined : `expected ${problem.expected}`,
  ].filter((part) => part !== undefined);
  return {
    code: problem.code,
    severity: problem.severity,
    message: details.length === 0 ? problem.message : `${problem.message} (${details.join(', ')})`,
    file: problem.file ?? null,
    line: problem.line ?? null,
    column: problem.column ?? null,
    field: problem.field ?? null,
  };
}

/** What the model says of a resource, at the place in the user's text where that is known. */
export function conditionOf({ origin, severity, message }: Residue, source: ParsedResource | undefined): ApiProblem {
  const { field } = origin;
  const place = source?.locate(field ?? []);
  // Messages begin with the field, for lists that have no column for it; here there is one.
  const text =
    field !== undefined && message.startsWith(field) ? message.slice(field.length).replace(/^:? /, '') : message;
  return {
    code: 'MW1008',
    severity: severity === 'info' ? 'info' : 'warning',
    message: text,
    file: source?.source.file ?? null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    field: field ?? null,
  };
}

/** What an Envoy would refuse of a resource; such a request is not carried out. */
export function refusalOf(residue: Residue, source: ParsedResource | undefined): ApiProblem {
  return { ...conditionOf(residue, source), code: 'MW1009', severity: 'error' };
}

/** Somebody who cannot come any more. Said and not refused: to close what is open may be what the change is for. */
export function lockOutOf({ key, field, message }: LockOut, source: ParsedResource | undefined): ApiProblem {
  const origin = { resource: key, ...(field === undefined ? {} : { field }) };
  return { ...conditionOf({ origin, severity: 'unsupported', message }, source), code: 'MW1010' };
}
