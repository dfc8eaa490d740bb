import type { ParseLimits } from '../limits.ts';
import type { Recorder } from '../positions.ts';
import { type ComposedDocument, composeDocuments, YamlFailure } from './compose.ts';
import { documentValue } from './to-value.ts';

export interface YamlDocument {
  readonly value: unknown;
  /** Where its content begins in the text. */
  readonly offset: number;
}

/** Reads one piece of a file, which is one document unless `...` ends one inside it. */
export function readYaml(
  text: string,
  limits: ParseLimits,
  report: (error: YamlFailure) => void,
  record?: Recorder,
): YamlDocument[] {
  const documents: YamlDocument[] = [];
  for (const document of composeDocuments(text, limits.maxDepth)) {
    const error = document.errors[0];
    if (error !== undefined) {
      const code = error.code === 'RESOURCE_EXHAUSTION' ? 'MW1002' : 'MW1001';
      // What is never closed is noticed at the end; the last line with content is the closest that helps.
      report(new YamlFailure(code, sentence(error.message), Math.min(error.pos[0], text.trimEnd().length)));
      continue;
    }
    try {
      documents.push({ value: documentValue(document, limits, record), offset: startOf(document) });
    } catch (failure) {
      if (!(failure instanceof YamlFailure)) throw failure;
      report(failure);
    }
  }
  return documents;
}

function startOf(document: ComposedDocument): number {
  return document.contents?.range?.[0] ?? document.range[0];
}

function sentence(message: string): string {
  const line = message.split('\n')[0] ?? message;
  return line.replace(/ at line \d+, column \d+:?$/, '');
}
