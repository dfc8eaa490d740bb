const BLANKS = /[ \t\r\n]*/y;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** Characters that stand for themselves, or one that is escaped; matched one by one, since a string may be megabytes long. */
const CHARACTERS = /[ !#-[\]-\u{10ffff}]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/uy;
const MAX_DEPTH = 64;

export interface JsonPlaces {
  /** Where the elements of the outermost array begin. */
  readonly elements: readonly number[];
  /** Where the text stops being JSON (RFC 8259); undefined when it is JSON throughout. */
  readonly wrongAt: number | undefined;
}

/** Finds places in a text of JSON, which `JSON.parse` tells for some mistakes only, and in words that differ between engines. */
export function scanJson(text: string): JsonPlaces {
  const scan = new Scan(text);
  const wrong = !scan.value(0) || !scan.atEnd();
  return { elements: scan.elements, wrongAt: wrong ? scan.at : undefined };
}

/** Lines count from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Each method moves on over what it is named after, or says false and stays where the text is wrong. */
class Scan {
  readonly elements: number[] = [];
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): boolean {
    this.#match(BLANKS);
    if (depth === 1) this.elements.push(this.at);
    if (depth > MAX_DEPTH) return false;
    const done = this.#take('[')
      ? this.#list(']', () => this.value(depth + 1))
      : this.#take('{')
        ? this.#list('}', () => this.#member(depth + 1))
        : this.#string() || this.#match(WORD);
    this.#match(BLANKS);
    return done;
  }

  atEnd(): boolean {
    return this.at === this.#text.length;
  }

  #list(close: string, item: () => boolean): boolean {
    this.#match(BLANKS);
    if (this.#take(close)) return true;
    while (item()) {
      if (this.#take(close)) return true;
      if (!this.#take(',')) return false;
    }
    return false;
  }

  #member(depth: number): boolean {
    this.#match(BLANKS);
    if (!this.#string()) return false;
    this.#match(BLANKS);
    return this.#take(':') && this.value(depth);
  }

  #string(): boolean {
    if (!this.#take('"')) return false;
    while (this.#match(CHARACTERS));
    return this.#take('"');
  }

  #take(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.#text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }
}
