import type { FieldPath } from './field-path.ts';

/** Lines and columns count from 1; columns count UTF-16 units, as editors' protocols do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Called for every member of a map or list while a document is read with positions. */
export type Recorder = (container: object, step: string | number, keyOffset: number, valueOffset: number) => void;

/** Where a field is asked for: at its name (default), or at its value. They differ when the value is on its own line. */
export type PositionOf = 'key' | 'value';

/** The offsets of all members of one document. Built only when somebody asks where a field is. */
export class PositionIndex {
  readonly #offsets = new Map<object, Map<string | number, { readonly key: number; readonly value: number }>>();

  readonly record: Recorder = (container, step, key, value) => {
    let members = this.#offsets.get(container);
    if (members === undefined) {
      members = new Map();
      this.#offsets.set(container, members);
    }
    members.set(step, { key, value });
  };

  /** Offset of the field, or of the closest parent that is there; undefined when not even the first step is. */
  find(root: unknown, path: FieldPath, of: PositionOf): number | undefined {
    let container = root;
    let offset: number | undefined;
    for (const [index, step] of path.entries()) {
      if (typeof container !== 'object' || container === null) break;
      const member = this.#offsets.get(container)?.get(step);
      if (member === undefined) break;
      offset = of === 'value' && index === path.length - 1 ? member.value : member.key;
      container = (container as Record<string | number, unknown>)[step];
    }
    return offset;
  }
}

/** Turns offsets of one text into lines and columns; the table of lines is made at the first question. */
export class LineTable {
  readonly #text: string;
  #starts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): Position {
    this.#starts ??= lineStarts(this.#text);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
