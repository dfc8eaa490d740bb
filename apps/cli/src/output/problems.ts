import type { Problem } from '@meshwise/api';
import { CATALOGUE, type ErrorCode } from '@meshwise/core';
import { clean } from './table.ts';
import type { Paint } from './tone.ts';

/** `file:line:column: severity code: field: message`, the form in which editors and CI find the place. */
export function problemLine(problem: Problem, paint: Paint): string {
  const { file, line, column, severity, code, field, message } = problem;
  const place = [file, line, line === null ? null : column].filter((part) => part !== null).join(':');
  const tone = severity === 'error' ? 'bad' : severity === 'warning' ? 'warn' : 'quiet';
  const head = place === '' ? '' : `${clean(place)}: `;
  const where = field === null || field === '' ? '' : `${clean(field)}: `;
  return `${head}${paint(`${severity} ${code}`, tone)}: ${where}${clean(message)}\n`;
}

/** The highest exit code among the errors; 0 when there are only remarks. An error of an unknown code is bad input. */
export function exitCodeOf(problems: readonly Problem[]): 0 | 1 | 2 | 3 {
  let worst: 0 | 1 | 2 | 3 = 0;
  for (const { severity, code } of problems) {
    if (severity !== 'error') continue;
    const exitCode = Object.hasOwn(CATALOGUE, code) ? CATALOGUE[code as ErrorCode].exitCode : 2;
    // An error among the problems stops the whole input, so it is bad input at least.
    worst = Math.max(worst, exitCode, 2) as 2 | 3;
  }
  return worst;
}
