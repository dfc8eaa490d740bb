/** A piece of a file that holds one document, with the place where it begins. */
export interface Chunk {
  readonly text: string;
  /** Offset of `text` in the file. */
  readonly offset: number;
}

const blankOrDirective = /^(?:\s*(?:#.*)?|%.*)$/;

/**
 * Cuts a file at its `---` lines, as kubectl does before it parses anything: an unclosed quote or bracket then spoils its
 * own document only. (A line that begins with `---` can be nothing but a document marker in YAML.)
 */
export function splitDocuments(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let lineStart = 0;
  while (lineStart < text.length) {
    const newline = text.indexOf('\n', lineStart);
    const next = newline === -1 ? text.length : newline + 1;
    if (isMarker(text, lineStart) && lineStart > start && !isPreamble(text.slice(start, lineStart))) {
      chunks.push({ text: text.slice(start, lineStart), offset: start });
      start = lineStart;
    }
    lineStart = next;
  }
  if (start < text.length) chunks.push({ text: text.slice(start), offset: start });
  return chunks;
}

function isMarker(text: string, at: number): boolean {
  if (!text.startsWith('---', at)) return false;
  const after = text[at + 3];
  return after === undefined || after === '\n' || after === '\r' || after === ' ' || after === '\t';
}

/** Nothing but directives (`%YAML 1.1`) and comments, which belong to the document that follows. */
export function isPreamble(text: string): boolean {
  return text.split('\n').every((line) => blankOrDirective.test(line.replace(/\r$/, '')));
}
