import { Fragment } from 'react';
import { nextSort } from '../logic/sort.ts';
import type { Column, RowSpec, TableView } from './columns.ts';
import { Icon } from './icons.tsx';

export function RowTable<Row>(props: { readonly view: TableView<Row> }) {
  const { view } = props;
  const { spec, openId, expanded } = view;
  return (
    <table className="mw-table" aria-label={view.label}>
      <thead>
        <tr>
          {spec.columns.map((column) => (
            <HeaderCell key={column.id} column={column} view={view} />
          ))}
        </tr>
      </thead>
      <tbody>
        {view.rows.map((row) => {
          const id = spec.id(row);
          const open = id === openId;
          return (
            <Fragment key={id}>
              {/* The button in the row is what keyboards and screen readers use; the row only makes it a larger target. */}
              <tr data-open={open || undefined} data-row={id} onClick={() => view.onOpen(open ? undefined : id)}>
                {spec.columns.map((column) => (
                  <td
                    key={column.id}
                    data-numeric={column.numeric || undefined}
                    data-from={column.from}
                    data-width={column.width}
                  >
                    {column.id === 'name' ? <NameCell view={view} row={row} open={open} /> : column.cell(row)}
                  </td>
                ))}
              </tr>
              {open && expanded !== undefined && (
                <tr className="mw-expanded">
                  <td colSpan={spec.columns.length}>{expanded(row)}</td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

function HeaderCell<Row>(props: { readonly column: Column<Row>; readonly view: TableView<Row> }) {
  const { column, view } = props;
  const { sort, spec } = view;
  const current = sort ?? { column: spec.defaultSort, descending: false };
  const active = current.column === column.id;
  const descending = active && current.descending;
  const ariaSort = active ? (descending ? 'descending' : 'ascending') : 'none';
  const attributes = {
    'data-numeric': column.numeric || undefined,
    'data-from': column.from,
    'data-width': column.width,
  };
  if (column.sortBy === undefined) {
    return (
      <th scope="col" {...attributes}>
        {column.title}
      </th>
    );
  }
  return (
    <th scope="col" aria-sort={ariaSort} {...attributes}>
      <button
        type="button"
        className="mw-sort"
        onClick={() => view.onSort(nextSort(current, column.id, column.numeric ?? false))}
      >
        {column.title}
        <span className="mw-sort-mark" data-active={active || undefined}>
          <Icon name={descending ? 'down' : 'up'} size={12} />
        </span>
      </button>
    </th>
  );
}

interface RowProps<Row> {
  readonly view: TableView<Row>;
  readonly row: Row;
  readonly open: boolean;
}

function NameCell<Row>(props: RowProps<Row>) {
  return (
    <>
      <RowName {...props} />
      <RowReason spec={props.view.spec} row={props.row} />
    </>
  );
}

export function RowReason<Row>(props: { readonly spec: RowSpec<Row>; readonly row: Row }) {
  const reason = props.spec.reason?.(props.row) ?? null;
  return reason === null ? null : <p className="mw-row-reason">{reason}</p>;
}

export function RowName<Row>(props: RowProps<Row>) {
  const { view, row, open } = props;
  const { spec, expanded } = view;
  const context = spec.context(row);
  return (
    <button
      type="button"
      className="mw-row-open"
      {...(expanded === undefined ? { 'aria-haspopup': 'dialog' as const } : { 'aria-expanded': open })}
      onClick={(event) => {
        event.stopPropagation();
        view.onOpen(open ? undefined : spec.id(row));
      }}
    >
      {expanded !== undefined && (
        <span className="mw-caret" data-open={open || undefined}>
          <Icon name="chevron" size={12} />
        </span>
      )}
      <span className="mw-row-name">{spec.name(row)}</span>{' '}
      {context !== '' && <span className="mw-row-context">{context}</span>}
    </button>
  );
}
