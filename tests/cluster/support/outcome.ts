import { NOBODY_THERE, PROXY_MADE_REQUEST_HEADERS, PROXY_MADE_RESPONSE_HEADERS } from '../differences.ts';
import type { Reply } from './ask.ts';
import { KEY_HEADER } from './ask.ts';
import { BEHAVE_HEADER, type Received } from './backends.ts';

/** What came of one request, in the words that both sides are compared by. */
export interface Outcome {
  readonly status: number | string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Only of answers that a proxy made. */
  readonly body?: string;
  /** Who received it, retries and mirrored ones too, in an order that says nothing. */
  readonly received: readonly Received[];
  /** Coarse: a quarter of a second is much for a machine that is busy, and little for the delays that are configured. */
  readonly pace: 'at once' | 'late';
}

const LATE_MS = 300;
const CLIENT_CERTIFICATE = 'x-forwarded-client-cert';
const LEFT_MS = 'x-envoy-expected-rq-timeout-ms';
const OURS = [KEY_HEADER, BEHAVE_HEADER];

export function outcomeOf(reply: Reply, received: readonly Received[]): Outcome {
  const fromBackend = received.some(({ backend }) => reply.body === `${backend}\n`);
  return {
    status: reply.status ?? reply.error ?? 'bytes',
    responseHeaders: without(reply.headers, isUnreachable(reply, received) ? ABOUT_BODY : PROXY_MADE_RESPONSE_HEADERS),
    ...(fromBackend || isUnreachable(reply, received) ? {} : { body: reply.body.slice(0, 300) }),
    received: received
      .map(({ headers, ...rest }) => (headers === undefined ? rest : { ...rest, headers: compared(headers) }))
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
    pace: reply.elapsedMs > LATE_MS ? 'late' : 'at once',
  };
}

/** An answer that there is no server, whose words are not compared (see differences.ts). */
function isUnreachable({ status, body }: Reply, received: readonly Received[]): boolean {
  return status === 503 && received.length === 0 && NOBODY_THERE.texts.includes(body);
}

const ABOUT_BODY = { ...PROXY_MADE_RESPONSE_HEADERS, 'content-length': '', 'content-type': '' };

function compared(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { [LEFT_MS]: leftMs, ...rest } = without(headers, [...OURS, ...Object.keys(PROXY_MADE_REQUEST_HEADERS)]);
  // Later attempts are told what is left of the time, to the millisecond.
  const isFirst = headers['x-envoy-attempt-count'] === '1';
  const certificate = rest[CLIENT_CERTIFICATE];
  // Each side has an authority of its own.
  if (certificate !== undefined) rest[CLIENT_CERTIFICATE] = certificate.replace(/Hash=[0-9a-f]+/, 'Hash=…');
  return leftMs === undefined ? rest : { ...rest, [LEFT_MS]: isFirst ? leftMs : 'what is left' };
}

function without(
  headers: Readonly<Record<string, string>>,
  names: readonly string[] | Readonly<Record<string, string>>,
): Record<string, string> {
  const left = new Set(Array.isArray(names) ? names : Object.keys(names));
  const kept = Object.entries(headers).filter(([name]) => !left.has(name));
  return Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
}
