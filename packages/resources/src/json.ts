import type { Recorder } from './positions.ts';

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** Where and why a text is not JSON. */
export class JsonFailure extends Error {
  readonly code: 'MW1001' | 'MW1002';
  readonly offset: number;

  constructor(message: string, offset: number, code: 'MW1001' | 'MW1002' = 'MW1001') {
    super(message);
    this.offset = offset;
    this.code = code;
  }
}

const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

/**
 * JSON (RFC 8259) with what `JSON.parse` does not give: the offset of an error and of every member, duplicate keys
 * refused, a limit on depth, and several values one after the other, as `kubectl get -o json` pipelines produce them.
 */
export function parseJsonValues(
  text: string,
  maxDepth: number,
  record?: Recorder,
): { readonly value: unknown; readonly offset: number }[] {
  const reader = new Reader(text, maxDepth, record);
  const values = [];
  for (let offset = reader.start(); offset < text.length; offset = reader.start()) {
    values.push({ value: reader.value(0), offset });
  }
  return values;
}

class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #record: Recorder | undefined;
  #at = 0;

  constructor(text: string, maxDepth: number, record: Recorder | undefined) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#record = record;
  }

  /** Skips white space and says where the next value begins. */
  start(): number {
    this.#match(space);
    return this.#at;
  }

  value(depth: number): Value {
    this.#match(space);
    const char = this.#text[this.#at];
    if (char === '{' || char === '[') {
      if (depth >= this.#maxDepth) {
        throw new JsonFailure(`Maps and lists are nested deeper than ${this.#maxDepth} levels`, this.#at, 'MW1002');
      }
      return char === '{' ? this.#object(depth) : this.#list(depth);
    }
    if (char === '"') return this.#string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const digits = this.#match(number);
    if (digits === undefined || digits === '') throw this.#unexpected('a value');
    return Number(digits);
  }

  #object(depth: number): Value {
    const map: { [key: string]: Value } = {};
    this.#at++;
    if (this.#take('}')) return map;
    do {
      const keyOffset = this.start();
      const key = this.#string();
      if (Object.hasOwn(map, key)) throw new JsonFailure(`Key ${JSON.stringify(key)} is there twice`, keyOffset);
      this.#expect(':');
      this.#record?.(map, key, keyOffset, this.start());
      const value = this.value(depth + 1);
      Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
    } while (this.#take(','));
    this.#expect('}');
    return map;
  }

  #list(depth: number): Value {
    const list: Value[] = [];
    this.#at++;
    if (this.#take(']')) return list;
    do {
      const offset = this.start();
      this.#record?.(list, list.length, offset, offset);
      list.push(this.value(depth + 1));
    } while (this.#take(','));
    this.#expect(']');
    return list;
  }

  /** Finds the closing quote and leaves escapes and forbidden characters to JSON.parse. */
  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') throw this.#unexpected('a string in double quotes');
    let end = start;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end === -1) throw new JsonFailure('Not JSON: this string has no closing quote', start);
    } while (isEscaped(this.#text, end));
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      throw new JsonFailure(
        'Not JSON: this string holds a line break, a control character or an unknown escape',
        start,
      );
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    if (match !== undefined) this.#at += match.length;
    return match;
  }

  #take(char: string): boolean {
    this.#match(space);
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw this.#unexpected(`'${char}'`);
  }

  #unexpected(expected: string): JsonFailure {
    const char = this.#text[this.#at];
    const found = char === undefined ? 'the end of the text' : JSON.stringify(char);
    return new JsonFailure(`Not JSON: found ${found}, expected ${expected}`, this.#at);
  }
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
