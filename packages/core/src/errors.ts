import { CATALOGUE, type ErrorCode } from './catalogue.ts';

/** Where in the user's input a problem is. Lines and columns count from 1. */
export interface SourceLocation {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Path of the field as Kubernetes writes it: `spec.http[0].route[1].weight`. */
  readonly field?: string | undefined;
}

/** What a message about bad input has to name besides its place. */
export interface ErrorDetails extends SourceLocation {
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  /** Overrides the catalogue's advice when the place where it happened knows better. */
  readonly advice?: string | undefined;
}

/**
 * The one error class of Meshwise. Its code is a key of the catalogue, which holds the exit code, the HTTP
 * status and the advice. The code is part of `message`, since most tools show nothing but the message.
 */
export class MeshwiseError extends Error {
  override readonly name = 'MeshwiseError';
  readonly code: ErrorCode;
  readonly summary: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, summary: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(`${code}: ${describe(summary, details)}`, options);
    this.code = code;
    this.summary = summary;
    this.details = details;
  }

  get advice(): string {
    return this.details.advice ?? CATALOGUE[this.code].advice;
  }

  get exitCode(): 1 | 2 | 3 {
    return CATALOGUE[this.code].exitCode;
  }

  get httpStatus(): number {
    return CATALOGUE[this.code].httpStatus;
  }

  /** Any thrown value as a MeshwiseError: known ones as they are, others as the internal error with their cause. */
  static from(reason: unknown): MeshwiseError {
    if (reason instanceof MeshwiseError) return reason;
    const summary = reason instanceof Error ? reason.message : String(reason);
    return new MeshwiseError('MW0001', summary, {}, { cause: reason });
  }

  toJSON(): ErrorBody {
    return {
      code: this.code,
      message: describe(this.summary, this.details),
      advice: this.advice,
      details: this.details,
    };
  }
}

/** The shape in which errors travel over HTTP and in `-o json`. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: string;
  readonly details: ErrorDetails;
}

/** `file:line:column: field: summary (found …, expected …)`, leaving out what is not known. */
export function describe(summary: string, details: ErrorDetails): string {
  const place = [details.file, details.line, details.line === undefined ? undefined : details.column]
    .filter((part) => part !== undefined)
    .join(':');
  const found = details.found === undefined ? undefined : `found ${details.found}`;
  const expected = details.expected === undefined ? undefined : `expected ${details.expected}`;
  const tail = [found, expected].filter((part) => part !== undefined).join(', ');
  const head = [place, details.field].filter((part) => part !== undefined && part !== '').join(': ');
  return `${head === '' ? '' : `${head}: `}${summary}${tail === '' ? '' : ` (${tail})`}`;
}
