import { type FieldPath, formatFieldPath, parseFieldPath } from './field-path.ts';
import { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';
import { normalise } from './normalise.ts';
import { LineTable, type Position, type PositionOf } from './positions.ts';
import type { Problem } from './problem.ts';
import { readDocuments, type SourceDocument } from './read-documents.ts';
import type { Resource } from './resource.ts';
import { checkEnvelope } from './validate/envelope.ts';

export interface ResourceSource extends Position {
  /** As given to `parseResources`: a path, a URL, '-' for standard input. */
  readonly file: string;
}

/** A resource and where it came from. */
export interface ParsedResource {
  readonly resource: Resource;
  readonly source: ResourceSource;
  /**
   * Where a field of this resource is: `spec.http[0].route[1].weight` or `['spec', 'http', 0, …]`. A field that is not
   * there gives its closest parent. The first question reads the document a second time, with positions.
   */
  locate(path: string | FieldPath, of?: PositionOf): Position;
}

export interface ParseOptions {
  /** Named in problems and positions. */
  readonly file: string;
  readonly limits?: Partial<ParseLimits>;
}

export interface ParseResult {
  readonly resources: readonly ParsedResource[];
  readonly problems: readonly Problem[];
}

/**
 * Reads Kubernetes-shaped resources from multi-document YAML or JSON; members of a `List` count as documents of their
 * own. Never throws for bad input: a document that cannot be read becomes a problem with file, line and column, and the
 * other documents of the file are read all the same. Scalars mean what they mean to Kubernetes (`yaml/scalars.ts`).
 */
export function parseResources(text: string, options: ParseOptions): ParseResult {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const bytes = byteLength(text, limits.maxBytes);
  if (bytes > limits.maxBytes) {
    const message = `The input has more than ${limits.maxBytes} bytes`;
    return { resources: [], problems: [{ code: 'MW1002', severity: 'error', message, file: options.file }] };
  }
  return new Reading(text, options.file, limits).run();
}

/** Bytes in UTF-8, without encoding texts that are surely small enough. */
function byteLength(text: string, maxBytes: number): number {
  return text.length * 3 <= maxBytes ? text.length : new TextEncoder().encode(text).length;
}

class Reading {
  readonly #text: string;
  readonly #file: string;
  readonly #limits: ParseLimits;
  readonly #lines: LineTable;
  readonly #resources: ParsedResource[] = [];
  readonly #problems: Problem[] = [];
  #count = 0;

  constructor(text: string, file: string, limits: ParseLimits) {
    this.#text = text;
    this.#file = file;
    this.#limits = limits;
    this.#lines = new LineTable(text);
  }

  run(): ParseResult {
    for (const document of readDocuments(this.#text, this.#limits, (failure) => this.#failed(failure))) {
      if (!this.#accept(document, document.value, [])) break;
    }
    return { resources: this.#resources, problems: this.#problems };
  }

  /** False when the limit on documents is reached. */
  #accept(document: SourceDocument, value: unknown, path: FieldPath): boolean {
    if (value === null || value === undefined) return true;
    const locate = (inner: FieldPath, of: PositionOf = 'key') =>
      this.#lines.at(document.offsetOf([...path, ...inner], of));
    const items = listItems(value);
    if (items !== undefined) {
      return items.every((item, index) => this.#accept(document, item, [...path, 'items', index]));
    }
    this.#count++;
    if (this.#count > this.#limits.maxDocuments) {
      const message = `The input has more than ${this.#limits.maxDocuments} documents`;
      this.#problems.push({ code: 'MW1002', severity: 'error', message, file: this.#file, ...locate([]) });
      return false;
    }
    const problems = checkEnvelope(value);
    for (const { path: field, ...problem } of problems) {
      const at = locate(field, 'value');
      const place = { file: this.#file, line: at.line, column: at.column };
      this.#problems.push({ ...problem, ...place, ...(field.length > 0 ? { field: formatFieldPath(field) } : {}) });
    }
    if (problems.length === 0) this.#resources.push(this.#parsed(value as Resource, document, path, locate));
    return true;
  }

  #parsed(
    resource: Resource,
    document: SourceDocument,
    path: FieldPath,
    locate: (path: FieldPath, of?: PositionOf) => Position,
  ): ParsedResource {
    const lines = this.#lines;
    const file = this.#file;
    return {
      resource: normalise(resource),
      get source() {
        // The start of a document is known without reading it again; that of a member of a List is not.
        return { file, ...(path.length === 0 ? lines.at(document.offset) : locate([], 'value')) };
      },
      locate: (field, of) => locate(typeof field === 'string' ? parseFieldPath(field) : field, of),
    };
  }

  #failed(failure: { code: 'MW1001' | 'MW1002'; message: string; offset: number }): void {
    const { line, column } = this.#lines.at(failure.offset);
    const { code, message } = failure;
    this.#problems.push({ code, severity: 'error', message, file: this.#file, line, column });
  }
}

/** Members of a `v1` List, as `kubectl get -o yaml` writes several resources. Kinds such as PodList count as lists too. */
function listItems(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, items, metadata } = value as { kind?: unknown; items?: unknown; metadata?: { name?: unknown } | null };
  // A custom resource may be called a list too; it then has a name, which a list of resources has not.
  if (typeof kind !== 'string' || !kind.endsWith('List') || metadata?.name !== undefined) return undefined;
  return Array.isArray(items) ? items : undefined;
}
