import { readFastFlow } from './fast-flow.ts';
import { resolvePlain } from './scalars.ts';

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

export interface FastDocument {
  readonly value: Value;
  readonly offset: number;
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Gives up: the document uses more than the subset, or may be wrong. The full parser then has the word. */
class Beyond extends Error {}
const beyond = new Beyond('beyond the subset');

const keyAndValue = /^([A-Za-z_][\w./-]*):(?: +(.*))?$/;
const doubleQuoted = /^"([^"\\]*)"(?: +#.*)?$/;
const singleQuoted = /^'([^']*)'(?: +#.*)?$/;
/** Beginnings that make a scalar something else than plain text. */
const notPlain = /^(?:[&*!|>%@`{}[\],"'#]|[-?:](?: |$))/;

/**
 * Reads the YAML that most manifests are made of — block maps and lists, plain and simply quoted scalars, comments — an
 * order of magnitude faster than the full parser, and gives undefined for everything else: anchors, tags, block scalars,
 * flow style over several lines, duplicate keys, tabs and whatever might be an error. It must never differ from the full parser where it
 * answers; a property test compares the two.
 */
export function readFast(text: string, maxDepth: number): FastDocument | undefined {
  // White space that JavaScript trims and YAML does not, and line ends that only one of them knows.
  if (/[^\S \n]|\u0085/.test(text)) return undefined;
  const lines: Line[] = [];
  let offset = 0;
  let start = 0;
  for (const raw of text.split('\n')) {
    const body = raw.trimEnd();
    const indent = body.length - body.trimStart().length;
    const content = body.slice(indent);
    if (content !== '' && !content.startsWith('#')) {
      const marker =
        indent === 0 && (content.startsWith('---') || content.startsWith('...') || content.startsWith('%'));
      if (marker && (content !== '---' || lines.length > 0 || /\S/.test(text.slice(0, start)))) return undefined;
      if (!marker) {
        if (lines.length === 0) offset = start + indent;
        lines.push({ indent, text: content });
      }
    }
    start += raw.length + 1;
  }
  if (lines.length === 0) return undefined;
  try {
    return { value: new Reader(lines, maxDepth).document(), offset };
  } catch (error) {
    if (error instanceof Beyond) return undefined;
    throw error;
  }
}

class Reader {
  readonly #lines: Line[];
  readonly #maxDepth: number;
  #at = 0;

  constructor(lines: Line[], maxDepth: number) {
    this.#lines = lines;
    this.#maxDepth = maxDepth;
  }

  document(): Value {
    const value = this.#block(1);
    if (this.#at < this.#lines.length) throw beyond;
    return value;
  }

  #block(depth: number): Value {
    const line = this.#lines[this.#at];
    if (line === undefined || depth > this.#maxDepth) throw beyond;
    return isItem(line.text) ? this.#list(line.indent, depth) : this.#map(line.indent, depth);
  }

  #map(indent: number, depth: number): Value {
    const map: { [key: string]: Value } = {};
    for (let line = this.#lines[this.#at]; line !== undefined && line.indent === indent; line = this.#lines[this.#at]) {
      if (isItem(line.text)) break;
      const match = keyAndValue.exec(line.text);
      const key = match?.[1];
      if (key === undefined || key === '__proto__' || resolvePlain(key) !== key || Object.hasOwn(map, key))
        throw beyond;
      this.#at++;
      const rest = match?.[2] ?? '';
      map[key] =
        rest === '' || rest.startsWith('#') ? this.#nested(indent, depth, true) : this.#scalar(rest, indent, depth);
    }
    return map;
  }

  #list(indent: number, depth: number): Value {
    const list: Value[] = [];
    for (let line = this.#lines[this.#at]; line !== undefined && line.indent === indent; line = this.#lines[this.#at]) {
      if (!isItem(line.text)) break;
      const rest = line.text.slice(1).trimStart();
      if (rest === '' || rest.startsWith('#')) {
        this.#at++;
        list.push(this.#nested(indent, depth, false));
      } else if (isItem(rest) || keyAndValue.test(rest)) {
        // `- name: a` begins a map whose indentation is that of `name`.
        this.#lines[this.#at] = { indent: indent + line.text.length - rest.length, text: rest };
        list.push(this.#block(depth + 1));
        this.#end(indent);
      } else {
        this.#at++;
        list.push(this.#scalar(rest, indent, depth));
      }
    }
    return list;
  }

  /** What follows `key:` or `-` on the next lines; a list may stand at the indentation of its key. */
  #nested(indent: number, depth: number, inMap: boolean): Value {
    const next = this.#lines[this.#at];
    if (next === undefined || next.indent < indent) return null;
    if (next.indent === indent && !(inMap && isItem(next.text))) return null;
    const value = this.#block(depth + 1);
    this.#end(indent);
    return value;
  }

  #scalar(rest: string, indent: number, depth: number): Value {
    this.#end(indent);
    const quoted = doubleQuoted.exec(rest) ?? singleQuoted.exec(rest);
    if (quoted !== null) return quoted[1] ?? '';
    if (rest.startsWith('{') || rest.startsWith('[')) {
      const value = readFastFlow(rest, this.#maxDepth - depth);
      if (value === undefined) throw beyond;
      return value;
    }
    const comment = rest.indexOf(' #');
    const text = (comment === -1 ? rest : rest.slice(0, comment)).trimEnd();
    if (notPlain.test(text) || text.includes(': ') || text.endsWith(':')) throw beyond;
    const value = resolvePlain(text);
    if (typeof value === 'number' && !Number.isFinite(value)) throw beyond;
    return value;
  }

  /** Deeper lines after a value continue it in a way that only the full parser knows. */
  #end(indent: number): void {
    const next = this.#lines[this.#at];
    if (next !== undefined && next.indent > indent) throw beyond;
  }
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}
