import { bodyOf, type Framing } from './framing.ts';

/** What of an answer's head the engine has to know. */
export interface Head {
  readonly status: number;
  /** How the body ends, unless the request or the status says that there is none. */
  readonly framing: Framing;
  /** Whether the connection may be used again. */
  readonly keepAlive: boolean;
}

/** Fields that a head may have; more is a flood. */
const MAX_FIELDS = 1_000;

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: .*)?$/s;
/** RFC 9110 5.6.2 and 5.1: a token and the colon, with no space between (RFC 9112 5.1 calls that one dangerous). */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:/;
const FORBIDDEN = /[\0\r]/;
const OUTER_SPACE = /^[ \t]+|[ \t]+$/g;

/**
 * Reads the head of an answer (RFC 9112 4 and 5), without its last empty line, each byte a character. Lines may end with LF
 * alone (2.2); a CR elsewhere, a NUL, and a field without a name are `malformed`; a folded line (5.2) belongs to the one before.
 * Answers with a string, the reason, when it is none.
 */
export function readHead(text: string): Head | string {
  const [first = '', ...rest] = text.split(/\r?\n/);
  const statusLine = STATUS_LINE.exec(first);
  if (statusLine === null || FORBIDDEN.test(first)) return `the status line is ${quote(first)}`;
  if (rest.length > MAX_FIELDS) return 'the head has more than 1,000 fields';
  const lines = unfold(rest);
  const lengths: string[] = [];
  const codings: string[] = [];
  const options: string[] = [];
  for (const line of lines) {
    const name = FIELD_NAME.exec(line)?.[0];
    if (name === undefined || FORBIDDEN.test(line)) return `the head has the line ${quote(line)}`;
    const list = listFor(name, lengths, codings, options);
    if (list !== null)
      for (const member of line.slice(name.length).split(',')) list.push(member.replace(OUTER_SPACE, ''));
  }
  const isOld = statusLine[1] === '0';
  const framing = bodyOf(lengths, codings);
  if (typeof framing === 'string') return framing;
  const asked = options.map((option) => option.toLowerCase());
  const status = Number(statusLine[2]);
  // RFC 9112 6.1: the framing of an HTTP/1.0 answer with a transfer coding is not to be relied on.
  const stays = isOld ? asked.includes('keep-alive') && codings.length === 0 : true;
  const keepAlive = stays && !asked.includes('close') && status !== 101;
  return { status, framing, keepAlive };
}

function listFor(name: string, lengths: string[], codings: string[], options: string[]): string[] | null {
  // Only these three matter, and their names with the colon have lengths of their own among most fields.
  if (name.length === 15 && name.toLowerCase() === 'content-length:') return lengths;
  if (name.length === 18 && name.toLowerCase() === 'transfer-encoding:') return codings;
  if (name.length === 11 && name.toLowerCase() === 'connection:') return options;
  return null;
}

function unfold(lines: readonly string[]): readonly string[] {
  if (!lines.some(isFolded)) return lines;
  const whole: string[] = [];
  for (const line of lines) {
    const before = whole.length > 0 ? whole.pop() : undefined;
    if (before === undefined) whole.push(line);
    else if (isFolded(line)) whole.push(`${before} ${line.replace(OUTER_SPACE, '')}`);
    else whole.push(before, line);
  }
  return whole;
}

function isFolded(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t');
}

function quote(line: string): string {
  return line.length > 64 ? `${JSON.stringify(line.slice(0, 64))}…` : JSON.stringify(line);
}
