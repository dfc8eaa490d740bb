import { EDGE_LABELS, type EdgeLabel } from './topology/labels.ts';

/** What of the page lives in its address. Every field is absent in the plain view. */
export interface PageSearch {
  /** Namespaces in scope; absent means all. */
  readonly ns?: readonly string[];
  readonly q?: string;
  /** Column, with `-` in front for descending. */
  readonly sort?: string;
  /** `problems`: failing, degraded and unknown only. */
  readonly view?: 'problems';
  /** A picture's twin instead of the picture. */
  readonly as?: 'table';
  /** What the edges of the topology say; absent means their rate. */
  readonly label?: EdgeLabel;
  /** Of the access matrix on a phone: the server whose clients are listed. */
  readonly server?: string;
  /** Latencies on a logarithmic axis. */
  readonly scale?: 'log';
  /** The row whose detail is open. */
  readonly open?: string;
}

/** Reads whatever stands in an address; what does not fit is dropped, since people edit addresses by hand. */
export function parsePageSearch(raw: Readonly<Record<string, unknown>>): PageSearch {
  const ns = readNames(raw['ns']);
  const q = readText(raw['q']);
  const sort = readText(raw['sort']);
  const open = readText(raw['open']);
  const server = readText(raw['server']);
  const label = EDGE_LABELS.find((one) => one === raw['label'] && one !== 'rate');
  return {
    ...(ns.length > 0 && { ns }),
    ...(q !== undefined && { q }),
    ...(sort !== undefined && /^-?[A-Za-z][A-Za-z0-9]*$/.test(sort) && { sort }),
    ...(raw['view'] === 'problems' && { view: 'problems' as const }),
    ...(raw['as'] === 'table' && { as: 'table' as const }),
    ...(label !== undefined && { label }),
    ...(server !== undefined && { server }),
    ...(raw['scale'] === 'log' && { scale: 'log' as const }),
    ...(open !== undefined && { open }),
  };
}

/** `?ns=default,shop&q=rev`: plain text that survives being read aloud, unlike the router's default JSON. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(search)) {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (typeof text !== 'string' || text === '') continue;
    // `,`, `/` and `:` are allowed in a query (RFC 3986, 3.4) and read better unescaped.
    const encoded = encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':');
    parts.push(`${key}=${encoded}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

export function parseSearchText(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/**
 * Typing replaces the history entry that the first character made, so that Back undoes a filter as a whole, not by letter.
 */
export function replacesHistory(before: string | undefined, after: string | undefined): boolean {
  return before !== undefined && before !== '' && after !== undefined && after !== '';
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function readNames(value: unknown): readonly string[] {
  const names = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  const clean = names.filter((name): name is string => typeof name === 'string').map((name) => name.trim());
  return [...new Set(clean.filter((name) => name !== ''))].sort();
}
