/** What Envoy is told of OPA's decision: `true`, or an object as its plugin for Envoy knows it. Anything else refuses. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

const FORBIDDEN = 403;

export function answerOf(result: unknown): Answer {
  if (!isObject(result)) return { status: result === true ? 200 : FORBIDDEN, headers: {}, body: '' };
  const { allowed, http_status: status, body } = result;
  const headers = { ...headersOf(result['headers']), ...headersOf(result['response_headers_to_add']) };
  if (allowed === true) return { status: 200, headers, body: '' };
  return { status: refusalOf(status), headers, body: typeof body === 'string' ? body : '' };
}

/** A refusal must not look like a permission (2xx), nor like an authorizer that has failed (5xx), which may let in. */
function refusalOf(status: unknown): number {
  return typeof status === 'number' && Number.isInteger(status) && status >= 300 && status < 500 ? status : FORBIDDEN;
}

function headersOf(value: unknown): Record<string, string | readonly string[]> {
  if (!isObject(value)) return {};
  const isHeader = ([, entry]: [string, unknown]) =>
    typeof entry === 'string' || (Array.isArray(entry) && entry.every((one) => typeof one === 'string'));
  return Object.fromEntries(Object.entries(value).filter(isHeader)) as Record<string, string | readonly string[]>;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
