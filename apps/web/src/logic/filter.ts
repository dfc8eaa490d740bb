import type { Health } from '@meshwise/api';
import type { PageSearch } from './search-params.ts';

/** What of a row can be filtered by. */
export interface Facets {
  /** Null for what belongs to no namespace; such rows are in every scope. */
  readonly namespace: string | null;
  readonly health: Health;
  readonly kind: string;
  /** Everything a free word may be found in. */
  readonly words: readonly (string | null)[];
}

interface Query {
  readonly words: readonly string[];
  readonly fields: readonly { readonly field: 'health' | 'kind' | 'ns'; readonly value: string }[];
}

/** `health:failing rev`: words and `field:value` pairs, all of which must hold. An unknown field is a word. */
export function parseQuery(text: string): Query {
  const words: string[] = [];
  const fields: { field: 'health' | 'kind' | 'ns'; value: string }[] = [];
  for (const token of text.toLowerCase().split(/\s+/)) {
    if (token === '') continue;
    const match = /^(health|kind|ns):(.+)$/.exec(token);
    const field = match?.[1];
    const value = match?.[2];
    if ((field === 'health' || field === 'kind' || field === 'ns') && value !== undefined)
      fields.push({ field, value });
    else words.push(token);
  }
  return { words, fields };
}

export function matches(facets: Facets, search: PageSearch): boolean {
  return inScope(facets.namespace, search.ns) && inView(facets.health, search.view) && matchesQuery(facets, search.q);
}

export function inScope(namespace: string | null, scope: readonly string[] | undefined): boolean {
  return scope === undefined || namespace === null || scope.includes(namespace);
}

/** What makes the table shorter than its kind; namespaces are the scope, not a filter. */
export function isFiltered(search: PageSearch): boolean {
  return search.q !== undefined || search.view !== undefined;
}

function inView(health: Health, view: PageSearch['view']): boolean {
  return view === undefined || (health !== 'healthy' && health !== 'idle');
}

function matchesQuery(facets: Facets, text: string | undefined): boolean {
  if (text === undefined) return true;
  const query = parseQuery(text);
  const haystack = facets.words
    .filter((word) => word !== null)
    .join('\n')
    .toLowerCase();
  return (
    query.words.every((word) => haystack.includes(word)) &&
    query.fields.every(({ field, value }) => {
      if (field === 'health') return facets.health === value;
      if (field === 'kind') return facets.kind.toLowerCase() === value;
      return facets.namespace?.toLowerCase() === value;
    })
  );
}
