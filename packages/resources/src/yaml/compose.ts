import { Composer, type Document, Lexer, type ParsedNode, Parser } from 'yaml';

export type ComposedDocument = Document.Parsed<ParsedNode>;

/** Thrown inside this folder only; `readYaml` turns it into a problem with a place. */
export class YamlFailure extends Error {
  readonly code: 'MW1001' | 'MW1002';
  readonly offset: number;
  readonly advice: string | undefined;

  constructor(code: 'MW1001' | 'MW1002', message: string, offset: number, advice?: string) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.advice = advice;
  }
}

/**
 * Text to the nodes of the `yaml` library, scalars left as text (schema `failsafe`): what a scalar means is decided by
 * `resolvePlain`. Lexer and parser are driven by hand so that nesting is refused while it is read; building the tree of
 * a million brackets first and measuring it afterwards would take the very time the limit is there to save.
 */
export function composeDocuments(text: string, maxDepth: number): ComposedDocument[] {
  const parser = new Parser();
  const composer = new Composer<ParsedNode>({
    schema: 'failsafe',
    uniqueKeys: false,
    strict: true,
    stringKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const documents: ComposedDocument[] = [];
  const lexer = new Lexer();
  for (const lexeme of lexer.lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') throw new YamlFailure('MW1001', token.message, token.offset);
      documents.push(...(composer.next(token) as Iterable<ComposedDocument>));
    }
    // The stack holds the document and every open collection, and a scalar at most.
    if (parser.stack.length > maxDepth + 2) throw tooDeep(maxDepth, parser.offset);
  }
  for (const token of parser.end()) documents.push(...(composer.next(token) as Iterable<ComposedDocument>));
  documents.push(...(composer.end() as Iterable<ComposedDocument>));
  return documents;
}

export function tooDeep(maxDepth: number, offset: number): YamlFailure {
  return new YamlFailure('MW1002', `Maps and lists are nested deeper than ${maxDepth} levels`, offset);
}
