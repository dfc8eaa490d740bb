import type { RowData } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import type { PagePath } from '../logic/attention.ts';
import { type Facets, matches } from '../logic/filter.ts';
import type { RowSpec } from '../ui/columns.ts';
import { PageHead } from '../ui/PageHead.tsx';
import { ResourceTable } from '../ui/ResourceTable.tsx';
import { NothingMatches } from '../ui/States.tsx';
import { ViewFilter } from '../ui/ViewFilter.tsx';

interface Props<Row> {
  readonly title: string;
  readonly path: PagePath;
  readonly noun: string;
  readonly rows: readonly Row[];
  readonly spec: RowSpec<Row>;
  readonly facets: (row: Row) => Facets;
  readonly empty: ReactNode;
  readonly summary?: ReactNode;
  /** Shown in the row when it is open. */
  readonly expanded?: (row: Row) => ReactNode;
  /** Shown over the page when a row is open. */
  readonly detail?: (row: Row, onClose: () => void) => ReactNode;
}

/** The page of one kind: everything of it that fits the address, worst first. */
export function ResourcePage<Row extends RowData>(props: Props<Row>) {
  const { title, path, noun, rows, spec, facets, empty, summary, expanded, detail } = props;
  const [search, update] = usePageSearch();
  const shown = rows.filter((row) => matches(facets(row), search));
  const opened = search.open === undefined ? undefined : rows.find((row) => spec.id(row) === search.open);
  return (
    <>
      <PageHead title={title} path={path}>
        {summary}
      </PageHead>
      {rows.length === 0 ? (
        empty
      ) : (
        <>
          <ViewFilter shown={shown.length} total={rows.length} noun={noun} />
          {shown.length === 0 ? (
            <NothingMatches
              what={`${rows.length} ${noun}`}
              onClear={() => update({ q: undefined, view: undefined, ns: undefined })}
            />
          ) : (
            <ResourceTable label={title} spec={spec} rows={shown} {...(expanded !== undefined && { expanded })} />
          )}
        </>
      )}
      {opened !== undefined && detail?.(opened, () => update({ open: undefined }))}
    </>
  );
}
