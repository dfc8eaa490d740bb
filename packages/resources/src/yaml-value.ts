import { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';
import { readDocuments } from './read-documents.ts';

export type YamlValue = { readonly value: unknown } | { readonly problem: string };

/**
 * One YAML or JSON document that stands in a string of a resource, as files in a ConfigMap do. Read under the same
 * limits and with the same scalars as files of resources. Nothing gives `null`.
 */
export function parseYamlValue(text: string, limits: Partial<ParseLimits> = {}): YamlValue {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  if (text.length > bounds.maxBytes) return { problem: `has more than ${bounds.maxBytes} bytes` };
  let problem: string | undefined;
  const values: unknown[] = [];
  for (const { value } of readDocuments(text, bounds, (failure) => {
    problem ??= `is not YAML: ${failure.message}`;
  })) {
    values.push(value);
    if (values.length > 1) problem ??= 'has more than one document';
    if (problem !== undefined) break;
  }
  return problem === undefined ? { value: values[0] ?? null } : { problem };
}
