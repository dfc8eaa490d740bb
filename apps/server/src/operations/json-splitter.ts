/** Cuts a stream of JSON objects that follow each other, however they are laid out, into objects. */
export class JsonSplitter {
  #text = '';
  #scanned = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #start = 0;

  /** The objects that are complete with this piece. */
  push(piece: string): unknown[] {
    this.#text += piece;
    const objects: unknown[] = [];
    for (; this.#scanned < this.#text.length; this.#scanned++) {
      if (!this.#step(this.#text[this.#scanned] ?? '')) continue;
      objects.push(JSON.parse(this.#text.slice(this.#start, this.#scanned + 1)));
      this.#start = this.#scanned + 1;
    }
    this.#text = this.#text.slice(this.#start);
    this.#scanned -= this.#start;
    this.#start = 0;
    return objects;
  }

  /** True at the character that closes an object. */
  #step(character: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (character === '\\') this.#escaped = true;
      else if (character === '"') this.#inString = false;
      return false;
    }
    if (character === '"') this.#inString = true;
    else if (character === '{') this.#depth += 1;
    else if (character === '}') {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return false;
  }
}
