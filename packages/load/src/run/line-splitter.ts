import { StringDecoder } from 'node:string_decoder';

/**
 * Lines of a stream in pieces. A line that is longer than `maxLength` is handed over in parts of that length: whoever writes
 * cannot make the reader hold more, and is heard before a line without an end has come to one.
 */
export class LineSplitter {
  readonly #maxLength: number;
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #line = '';

  constructor(maxLength: number, onLine: (line: string) => void) {
    this.#maxLength = maxLength;
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const [first = '', ...others] = this.#decoder.write(chunk).split('\n');
    this.#append(first);
    for (const text of others) {
      this.#onLine(this.#line);
      this.#line = '';
      this.#append(text);
    }
  }

  #append(text: string): void {
    this.#line += text;
    while (this.#line.length > this.#maxLength) {
      this.#onLine(this.#line.slice(0, this.#maxLength));
      this.#line = this.#line.slice(this.#maxLength);
    }
  }
}
