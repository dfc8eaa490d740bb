import { useMediaQuery } from '@mantine/hooks';
import type { RowData } from '@tanstack/react-table';
import { type ReactNode, useState } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import { ROWS_STEP, rowsToDraw } from '../logic/limit.ts';
import { parseSort, sortText } from '../logic/sort.ts';
import type { RowSpec, TableView } from './columns.ts';
import { RowCards } from './RowCards.tsx';
import { RowTable } from './RowTable.tsx';
import { useSortedRows } from './use-rows.ts';

export const NARROW = '(max-width: 47.99em)';

interface Props<Row> {
  readonly label: string;
  readonly spec: RowSpec<Row>;
  readonly rows: readonly Row[];
  readonly expanded?: (row: Row) => ReactNode;
  /** Default: the page's own address. On the overview, rows open on the page of their kind. */
  readonly onOpen?: (id: string) => void;
}

/** A table where there is room and cards where there is not, with the same order, the same state and the same keys. */
export function ResourceTable<Row extends RowData>(props: Props<Row>) {
  const { label, spec, rows, expanded, onOpen } = props;
  const [search, update] = usePageSearch();
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const sortable = spec.columns.filter((column) => column.sortBy !== undefined);
  const sort = parseSort(
    search.sort,
    sortable.map((column) => column.id),
  );
  const [limit, setLimit] = useState(ROWS_STEP);
  const sorted = useSortedRows(rows, spec, sort);
  const openId = onOpen === undefined ? search.open : undefined;
  const openIndex = openId === undefined ? -1 : sorted.findIndex((row) => spec.id(row) === openId);
  const drawn = rowsToDraw(sorted.length, limit, openIndex);
  const view: TableView<Row> = {
    label,
    spec,
    rows: sorted.slice(0, drawn),
    sort,
    openId,
    expanded,
    onSort: (key) => update({ sort: key === undefined ? undefined : sortText(key) }),
    onOpen: (id) => {
      if (onOpen === undefined) update({ open: id });
      else if (id !== undefined) onOpen(id);
    },
  };
  return (
    <>
      {narrow ? <RowCards view={view} /> : <RowTable view={view} />}
      {drawn < sorted.length && (
        <p className="mw-rest">
          Showing {drawn} of {sorted.length}
          <button type="button" className="mw-toggle" onClick={() => setLimit(drawn + ROWS_STEP)}>
            Show {Math.min(ROWS_STEP, sorted.length - drawn)} more
          </button>
        </p>
      )}
    </>
  );
}
