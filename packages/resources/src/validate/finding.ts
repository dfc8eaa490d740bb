import type { ErrorCode } from '@meshwise/core';
import type { FieldPath } from '../field-path.ts';
import type { Severity } from '../problem.ts';

/** A problem before its place in a file is known. */
export interface Finding {
  readonly code: ErrorCode;
  readonly severity: Severity;
  readonly message: string;
  readonly path: FieldPath;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly advice?: string | undefined;
}
