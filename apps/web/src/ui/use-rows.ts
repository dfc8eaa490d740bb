import {
  type ColumnDef,
  createSortedRowModel,
  type Row,
  type RowData,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import { compareValues, type SortKey, type SortValue } from '../logic/sort.ts';
import type { RowSpec } from './columns.ts';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

function byValue<Item extends RowData>(a: Row<Features, Item>, b: Row<Features, Item>, column: string): number {
  return compareValues(a.getValue<SortValue>(column), b.getValue<SortValue>(column));
}

const NAME_COLUMN = 'name';

/** The rows in the order to draw them: by the chosen column, or worst first; equal ones by name. */
export function useSortedRows<Item extends RowData>(
  rows: readonly Item[],
  spec: RowSpec<Item>,
  sort: SortKey | undefined,
): Item[] {
  const columns = useMemo<ColumnDef<Features, Item>[]>(() => {
    const sortable = spec.columns.filter((column) => column.sortBy !== undefined);
    return [
      ...sortable.map((column) => ({
        id: column.id,
        accessorFn: (row: Item) => column.sortBy?.(row) ?? undefined,
        sortFn: byValue<Item>,
        sortUndefined: 'last' as const,
      })),
      { id: NAME_COLUMN, accessorFn: (row: Item) => `${spec.name(row)} ${spec.context(row)}`, sortFn: byValue<Item> },
    ];
  }, [spec]);
  const sorting = useMemo<SortingState>(() => {
    const first =
      sort === undefined ? { id: spec.defaultSort, desc: false } : { id: sort.column, desc: sort.descending };
    return first.id === NAME_COLUMN ? [first] : [first, { id: NAME_COLUMN, desc: false }];
  }, [sort, spec]);
  const table = useTable<Features, Item>({ features, columns, data: rows, state: { sorting }, getRowId: spec.id });
  return table.getRowModel().rows.map((row) => row.original);
}
