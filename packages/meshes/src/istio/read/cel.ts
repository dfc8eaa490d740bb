/**
 * Checks that a text is an expression of CEL (Common Expression Language, "Language Definition", Syntax) that Envoy takes.
 * Envoy refuses a whole listener for a filter that it cannot compile, so the text is looked at before it is sent. Types
 * are not looked at: an expression of the wrong type is false when it is evaluated.
 */
export function celProblem(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return `has more than ${MAX_LENGTH} characters`;
  try {
    new Parser(tokensOf(text)).whole();
    return undefined;
  } catch (error) {
    if (error instanceof CelFailure) return error.message;
    throw error;
  }
}

const MAX_LENGTH = 4096;
const MAX_DEPTH = 64;

class CelFailure extends Error {}

/** What Envoy knows of a request or connection ("Attributes"). */
const ROOTS: readonly string[] = [
  ...['request', 'response', 'source', 'destination', 'connection', 'upstream', 'metadata', 'filter_state'],
  ...['upstream_filter_state', 'xds'],
];
/** Functions and methods with the numbers of arguments that they take. Envoy has no conversions to text or bytes. */
const FUNCTIONS: Readonly<Record<string, readonly number[]>> = {
  ...taking([1], 'size', 'int', 'uint', 'double', 'duration', 'timestamp', 'type', 'dyn'),
  matches: [2],
};
const METHODS: Readonly<Record<string, readonly number[]>> = {
  ...taking([1], 'contains', 'startsWith', 'endsWith', 'matches'),
  size: [0],
  // Of times, with a time zone or without.
  ...taking([0, 1], 'getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear'),
  ...taking([0, 1], 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'),
};

function taking(counts: readonly number[], ...names: readonly string[]): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(names.map((name) => [name, counts]));
}

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>', '>=', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

const TOKEN =
  /\s*(?:((?:r|b|rb|br)?(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|(0x[0-9a-fA-F]+u?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?u?)|([A-Za-z_][A-Za-z0-9_]*)|(\|\||&&|[<>=!]=|[<>!?:+\-*/%.,()[\]{}]))/y;

interface Token {
  readonly kind: 'literal' | 'name' | 'sign' | 'end';
  readonly text: string;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new CelFailure(`has something unexpected at character ${at + 1}`);
    const [, quoted, number, name, sign] = match;
    if (name !== undefined)
      tokens.push({ kind: ['true', 'false', 'null'].includes(name) ? 'literal' : 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'literal', text: quoted ?? number ?? '' });
  }
  return tokens;
}

const END: Token = { kind: 'end', text: 'the end' };

/** By recursive descent, level by level of binding. Envoy has no macros over lists (`exists`, `map` and the like). */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): void {
    this.#expression();
    if (this.#token.kind !== 'end') this.#fail();
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  #fail(): never {
    throw new CelFailure(`has ${this.#token.text} where it cannot stand`);
  }

  #takes(...texts: readonly string[]): boolean {
    const { kind, text } = this.#token;
    if (kind === 'literal' || kind === 'end' || !texts.includes(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) this.#fail();
  }

  #name(): string {
    const { kind, text } = this.#token;
    if (kind !== 'name' || text === 'in') this.#fail();
    this.#at++;
    return text;
  }

  #expression(): void {
    if (++this.#depth > MAX_DEPTH) throw new CelFailure(`is nested deeper than ${MAX_DEPTH}`);
    this.#level(0);
    if (this.#takes('?')) {
      this.#level(0);
      this.#expect(':');
      this.#expression();
    }
    this.#depth--;
  }

  #level(index: number): void {
    const signs = LEVELS[index];
    if (signs === undefined) {
      this.#unary();
      return;
    }
    do this.#level(index + 1);
    while (this.#takes(...signs));
  }

  #unary(): void {
    if (this.#takes('!')) while (this.#takes('!'));
    else if (this.#takes('-')) while (this.#takes('-'));
    this.#primary();
    this.#members();
  }

  /** True when the last of them selects a field. */
  #members(): boolean {
    let selects = false;
    for (;;) {
      if (this.#takes('[')) {
        this.#expression();
        this.#expect(']');
        selects = false;
      } else if (this.#takes('.')) {
        const name = this.#name();
        selects = this.#token.text !== '(' || this.#token.kind !== 'sign';
        if (!selects) this.#method(name);
      } else return selects;
    }
  }

  #method(name: string): void {
    this.#expect('(');
    this.#arguments(name, METHODS);
  }

  #primary(): void {
    const { kind, text } = this.#token;
    if (kind === 'literal') this.#at++;
    else if (kind === 'name') this.#identifier();
    else if (this.#takes('(')) {
      this.#expression();
      this.#expect(')');
    } else if (this.#takes('[')) this.#list(']');
    else if (text === '{' && this.#takes('{')) this.#map();
    else this.#fail();
  }

  #identifier(): void {
    const name = this.#name();
    if (!this.#takes('(')) {
      if (!ROOTS.includes(name)) throw new CelFailure(`names an attribute that does not exist: ${name}`);
    } else if (name === 'has') {
      this.#primary();
      if (!this.#members()) throw new CelFailure('has() wants a field, such as request.referer');
      this.#expect(')');
    } else this.#arguments(name, FUNCTIONS);
  }

  #arguments(name: string, known: Readonly<Record<string, readonly number[]>>): void {
    const counts = Object.hasOwn(known, name) ? known[name] : undefined;
    if (counts === undefined) throw new CelFailure(`names a function that does not exist: ${name}`);
    const count = this.#list(')');
    if (!counts.includes(count))
      throw new CelFailure(`gives ${name} ${count} arguments; it takes ${counts.join(' or ')}`);
  }

  /** How many there are. */
  #list(end: ')' | ']'): number {
    if (this.#takes(end)) return 0;
    let count = 0;
    do {
      this.#expression();
      count += 1;
    } while (this.#takes(','));
    this.#expect(end);
    return count;
  }

  #map(): void {
    if (this.#takes('}')) return;
    do {
      this.#expression();
      this.#expect(':');
      this.#expression();
    } while (this.#takes(','));
    this.#expect('}');
  }
}
