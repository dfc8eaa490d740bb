import type { TableView } from './columns.ts';
import { RowName, RowReason } from './RowTable.tsx';

/** The same rows where a table would have to scroll sideways: a list of cards, and the order in a select. */
export function RowCards<Row>(props: { readonly view: TableView<Row> }) {
  const { view } = props;
  const { spec, openId, expanded } = view;
  const [lead, ...rest] = spec.columns.filter((column) => column.id !== 'name');
  return (
    <>
      <SortSelect view={view} />
      <ul className="mw-cards" aria-label={view.label}>
        {view.rows.map((row) => {
          const id = spec.id(row);
          const open = id === openId;
          return (
            <li key={id} className="mw-card" data-open={open || undefined} data-row={id}>
              <div className="mw-card-head">
                <RowName view={view} row={row} open={open} />
                {lead?.cell(row)}
              </div>
              <RowReason spec={spec} row={row} />
              <dl className="mw-card-facts">
                {rest.map((column) => (
                  <div key={column.id} data-card={column.card ?? (column.width === 'grow' ? 'wide' : undefined)}>
                    <dt>{column.title}</dt>
                    <dd>{column.cell(row)}</dd>
                  </div>
                ))}
              </dl>
              {open && expanded?.(row)}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function SortSelect<Row>(props: { readonly view: TableView<Row> }) {
  const { view } = props;
  const sortable = view.spec.columns.filter((column) => column.sortBy !== undefined);
  return (
    <label className="mw-sort-select">
      Sort by
      <select
        value={view.sort?.column ?? view.spec.defaultSort}
        onChange={(event) => {
          const column = sortable.find((candidate) => candidate.id === event.target.value);
          if (column === undefined || column.id === view.spec.defaultSort) view.onSort(undefined);
          else view.onSort({ column: column.id, descending: column.numeric ?? false });
        }}
      >
        {sortable.map((column) => (
          <option key={column.id} value={column.id}>
            {column.title}
          </option>
        ))}
      </select>
    </label>
  );
}
