import type { FieldPath } from './field-path.ts';
import { JsonFailure, parseJsonValues } from './json.ts';
import type { ParseLimits } from './limits.ts';
import { PositionIndex, type PositionOf } from './positions.ts';
import { YamlFailure } from './yaml/compose.ts';
import { readFast } from './yaml/fast.ts';
import { readYaml, type YamlDocument } from './yaml/read.ts';
import { type Chunk, isPreamble, splitDocuments } from './yaml/split.ts';

/** One document of a file: its value, and the places of its fields when asked. */
export interface SourceDocument {
  readonly value: unknown;
  /** Where the document's content begins, as an offset in the file. */
  readonly offset: number;
  offsetOf(path: FieldPath, of: PositionOf): number;
}

export interface ReadFailure {
  readonly code: 'MW1001' | 'MW1002';
  readonly message: string;
  readonly offset: number;
}

/** The documents of a file in order; what cannot be read goes to `failed` and reading continues with the next one. */
export function* readDocuments(
  text: string,
  limits: ParseLimits,
  failed: (failure: ReadFailure) => void,
): Generator<SourceDocument> {
  for (const chunk of splitDocuments(text)) {
    if (isPreamble(chunk.text)) continue;
    const report = (error: unknown) => {
      const { code, message, offset } = asFailure(error);
      failed({ code, message, offset: offset + chunk.offset });
    };
    let documents: readonly SourceDocument[];
    try {
      documents = looksLikeJson(chunk.text) ? readJson(chunk, limits) : readYamlChunk(chunk, limits, report);
    } catch (error) {
      report(error);
      continue;
    }
    yield* documents;
  }
}

function looksLikeJson(text: string): boolean {
  return /^(?:---)?\s*[{[]/.test(text);
}

/** JSON, or YAML in flow style, which begins alike: the second is tried when the first fails, as kubectl does. */
function readJson(chunk: Chunk, limits: ParseLimits): readonly SourceDocument[] {
  const skip = chunk.text.startsWith('---') ? 3 : 0;
  const text = chunk.text.slice(skip);
  const base = chunk.offset + skip;
  try {
    return parseJsonValues(text, limits.maxDepth).map(({ value, offset }, index) =>
      sourceDocument(value, base + offset, base, (positions) => {
        return parseJsonValues(text, limits.maxDepth, positions.record)[index]?.value;
      }),
    );
  } catch (error) {
    if (!(error instanceof JsonFailure)) throw error;
    if (error.code === 'MW1002' || /^\s*[{[]\s*"/.test(text))
      throw new YamlFailure(error.code, error.message, error.offset + skip);
    return readYamlChunk(chunk, limits, (reason) => {
      throw reason;
    });
  }
}

function readYamlChunk(chunk: Chunk, limits: ParseLimits, report: (error: unknown) => void): readonly SourceDocument[] {
  const fast = readFast(chunk.text, limits.maxDepth);
  const documents: readonly YamlDocument[] = fast === undefined ? readYaml(chunk.text, limits, report) : [fast];
  return documents.map((document) =>
    sourceDocument(document.value, chunk.offset + document.offset, chunk.offset, (positions) => {
      const again = readYaml(chunk.text, limits, () => {}, positions.record);
      return again.find((other) => other.offset === document.offset)?.value;
    }),
  );
}

function sourceDocument(
  value: unknown,
  offset: number,
  base: number,
  readAgain: (positions: PositionIndex) => unknown,
): SourceDocument {
  let index: { positions: PositionIndex; root: unknown } | undefined;
  return {
    value,
    offset,
    offsetOf(path, of) {
      if (path.length === 0) return offset;
      if (index === undefined) {
        const positions = new PositionIndex();
        index = { positions, root: readAgain(positions) };
      }
      const found = index.positions.find(index.root, path, of);
      return found === undefined ? offset : base + found;
    },
  };
}

function asFailure(error: unknown): ReadFailure {
  if (error instanceof YamlFailure || error instanceof JsonFailure) return error;
  // Only a text nested beyond the stack gets here; the limit on depth normally refuses it first.
  if (error instanceof RangeError) return { code: 'MW1002', message: 'The document is nested too deeply', offset: 0 };
  throw error;
}
