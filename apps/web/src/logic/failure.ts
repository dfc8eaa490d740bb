/** Why the daemon's answer could not be shown. */
export interface Failure {
  readonly kind: 'unauthorised' | 'refused' | 'unreachable' | 'unreadable';
  /** The catalogue's code; undefined when no daemon answered. */
  readonly code: string | undefined;
  readonly message: string;
  readonly advice: string;
  /** What of the request it is about, where the daemon names it. */
  readonly field?: string;
}

export const UNREACHABLE: Failure = {
  kind: 'unreachable',
  code: undefined,
  message: 'The daemon does not answer',
  advice: 'Run `meshwise status` to see whether it is up, and `meshwise up` to start it.',
};

export const UNREADABLE: Failure = {
  kind: 'unreadable',
  code: undefined,
  message: 'The answer is not what this page understands',
  advice: 'The daemon may have been upgraded: reload the page.',
};

/** Reads an ErrorResponse; whatever else came in its place is still named by its HTTP status. */
export function failureOf(httpStatus: number, body: unknown): Failure {
  const text = (field: string): string | undefined => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const code = text('code');
  // Errors carry their code in the message as well, for tools that show nothing else; here it stands beside it.
  const message = code === undefined ? text('message') : text('message')?.replace(`${code}: `, '');
  const field = fieldOf(body);
  return {
    kind: httpStatus === 401 ? 'unauthorised' : 'refused',
    code,
    message: message ?? `The daemon answered with HTTP ${httpStatus}`,
    advice: text('advice') ?? 'Run `meshwise doctor`; the daemon log says more.',
    ...(field !== undefined && { field }),
  };
}

function fieldOf(body: unknown): string | undefined {
  const details: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'details') : undefined;
  const field: unknown = typeof details === 'object' && details !== null ? Reflect.get(details, 'field') : undefined;
  return typeof field === 'string' && field !== '' ? field : undefined;
}

export class FailureError extends Error {
  override readonly name = 'FailureError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }

  /** Anything thrown while asking; what is not ours came from `fetch`, which throws when nobody answers. */
  static from(reason: unknown): FailureError {
    return reason instanceof FailureError ? reason : new FailureError(UNREACHABLE);
  }
}
