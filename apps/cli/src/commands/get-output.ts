import { columnsOf } from '../columns/columns-of.ts';
import { at, type Body, textAt } from '../columns/read.ts';
import { table } from '../output/table.ts';
import type { Paint } from '../output/tone.ts';
import { objectName } from './object-name.ts';

export interface Listing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly items: readonly Body[];
}

export interface Display {
  readonly wide: boolean;
  /** A column with the namespace, where the kind has one. */
  readonly namespaces: boolean;
  /** Names with their kind, since several kinds are shown. */
  readonly kinds: boolean;
  readonly nowMs: number;
  readonly paint: Paint;
}

const nameOf = (body: Body) => textAt(body, 'metadata', 'name') ?? '?';

/** One table per kind, a blank line between; kinds of which there is nothing are left out. */
export function resourceTable(listings: readonly Listing[], display: Display): string {
  return listings
    .filter((listing) => listing.items.length > 0)
    .map((listing) => listingTable(listing, display))
    .join('\n');
}

function listingTable(listing: Listing, display: Display): string {
  const columns = columnsOf(listing.apiVersion, listing.kind, display.wide);
  const withNamespace = display.namespaces && listing.namespaced;
  const headings = [...(withNamespace ? ['NAMESPACE'] : []), 'NAME', ...columns.map((column) => column.heading)];
  const rows = listing.items.map((body) => [
    ...(withNamespace ? [textAt(body, 'metadata', 'namespace')] : []),
    display.kinds ? objectName({ ...listing, name: nameOf(body) }) : nameOf(body),
    ...columns.map((column) => column.cell(body, display.nowMs)),
  ]);
  return table(headings, rows, display.paint);
}

/** `-o name`: what other commands take as an argument. */
export function namesText(listings: readonly Listing[]): string {
  return listings
    .flatMap((listing) => listing.items.map((body) => `${objectName({ ...listing, name: nameOf(body) })}\n`))
    .join('');
}

/** Without the book-keeping of server-side apply, as kubectl shows objects. */
export function withoutManagedFields(body: Record<string, unknown>): Record<string, unknown> {
  const metadata = at(body, 'metadata');
  if (typeof metadata !== 'object' || metadata === null || !('managedFields' in metadata)) return body;
  const { managedFields: _, ...rest } = metadata;
  return { ...body, metadata: rest };
}
