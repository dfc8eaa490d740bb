import type { ReactNode } from 'react';
import type { SortKey, SortValue } from '../logic/sort.ts';

/** One column, for the table and for the card that stands for a row on a narrow screen. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Null sorts last in either direction. Absent: the column cannot be sorted by. */
  readonly sortBy?: (row: Row) => SortValue | null;
  readonly numeric?: boolean;
  /** Hidden where the window is narrower than this. Cards show everything. */
  readonly from?: 'medium' | 'large';
  /** `grow` takes the room that is left. */
  readonly width?: 'grow';
  /** `wide` takes a line of its own on a card. */
  readonly card?: 'wide';
}

/** What a table needs to know of its rows. */
export interface RowSpec<Row> {
  readonly id: (row: Row) => string;
  /** The row's name: what opens it, and what it is read out as. */
  readonly name: (row: Row) => string;
  /** Smaller, beside the name. */
  readonly context: (row: Row) => string;
  /** Under the name: why it is not well. */
  readonly reason?: (row: Row) => string | null;
  readonly columns: readonly Column<Row>[];
  readonly defaultSort: string;
}

/** What the table and the cards draw. */
export interface TableView<Row> {
  readonly label: string;
  readonly spec: RowSpec<Row>;
  readonly rows: readonly Row[];
  readonly sort: SortKey | undefined;
  readonly openId: string | undefined;
  /** Undefined: the usual order. */
  readonly onSort: (key: SortKey | undefined) => void;
  readonly onOpen: (id: string | undefined) => void;
  /** Given: rows unfold. Not given: the page shows the open row in a drawer. */
  readonly expanded?: ((row: Row) => ReactNode) | undefined;
}
