import { type ErrorCode, type ErrorDetails, MeshwiseError } from '@meshwise/core';

export type Severity = 'error' | 'warning' | 'info';

/**
 * Something to say about the user's input. It is data and not an exception, since one file may have many; it carries
 * the fields of a MeshwiseError, so that `problemError` can turn the first serious one into what stops a command.
 */
export interface Problem extends ErrorDetails {
  readonly code: ErrorCode;
  readonly severity: Severity;
  /** One sentence without place, field, found or expected: those have fields of their own. */
  readonly message: string;
}

/** The same problem as an error to throw. */
export function problemError(problem: Problem): MeshwiseError {
  const { code, severity: _severity, message, ...details } = problem;
  return new MeshwiseError(code, message, details);
}

/** Throws the first problem of severity `error`, if there is one. */
export function throwOnError(problems: readonly Problem[]): void {
  const first = problems.find((problem) => problem.severity === 'error');
  if (first !== undefined) throw problemError(first);
}

/** A value as messages show it: short, on one line, strings quoted so that `"1"` and `1` differ. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
