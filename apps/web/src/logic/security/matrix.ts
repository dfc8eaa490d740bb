import type { AccessClient, AccessPort, AccessServer, AccessSummary, AccessView } from '@meshwise/api';
import { inScope } from '../filter.ts';
import type { PageSearch } from '../search-params.ts';

/** A port of a server: what stands at the head of a column. */
export interface MatrixColumn {
  /** `default/reviews-v1:9080`, with a number where pods of one workload are guarded differently. */
  readonly id: string;
  readonly server: AccessServer;
  readonly port: AccessPort;
}

export interface MatrixCell {
  /** Identifies it in the address. */
  readonly id: string;
  readonly client: AccessClient;
  readonly column: MatrixColumn;
  readonly summary: AccessSummary;
}

export interface MatrixRow {
  readonly client: AccessClient;
  readonly cells: readonly MatrixCell[];
}

export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
}

const CLOSED: AccessSummary = { verdict: 'refused', reason: 'nothing is known of it', by: [], conditions: [] };

/** The whole matrix, cell by cell. */
export function matrixOf({ clients, servers, summaries }: AccessView): Matrix {
  const seen = new Map<string, number>();
  const columns = servers.flatMap((server) =>
    server.ports.map((port): MatrixColumn => {
      const name = `${server.namespace}/${server.name}:${port.port}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return { id: count === 1 ? name : `${name}#${count}`, server, port };
    }),
  );
  const rows = clients.map((client, index) => ({
    client,
    cells: columns.map((column) => ({
      id: cellId(client, column),
      ...{ client, column },
      summary: summaries[column.port.cells[index] ?? -1] ?? CLOSED,
    })),
  }));
  return { columns, rows };
}

function cellId({ name }: AccessClient, { id }: MatrixColumn): string {
  return `${name}>${id}`;
}

/** What of it is asked for: servers of the namespaces, words of either side, and, of `problems`, what is not open to all. */
export function narrowMatrix(matrix: Matrix, { ns, q, view }: PageSearch): Matrix {
  const words = (q ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const inColumns = matrix.columns.map(({ server, port }) => {
    if (!inScope(server.namespace, ns)) return false;
    return hasWords(words, [server.namespace, server.name, server.identity, port.service, String(port.port)]);
  });
  const inRows = matrix.rows.map(({ client }) => hasWords(words, [client.name, client.identity, ...client.workloads]));
  // Words that name no server narrow the clients of all servers in scope, and the other way round.
  const scoped = matrix.columns.map(({ server }) => inScope(server.namespace, ns));
  const columns = inColumns.some(Boolean) ? inColumns : inRows.some(Boolean) ? scoped : inColumns;
  const rows = inRows.some(Boolean) ? inRows : matrix.rows.map(() => true);
  const found = pick(matrix, columns, rows);
  return view === 'problems' ? differing(found) : found;
}

function hasWords(words: readonly string[], texts: readonly (string | null)[]): boolean {
  const text = texts.join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

function differing(matrix: Matrix): Matrix {
  const differs = ({ summary }: MatrixCell) => summary.verdict !== 'allowed';
  const columns = matrix.columns.map((_, index) =>
    matrix.rows.some(({ cells }) => cells.slice(index, index + 1).some(differs)),
  );
  return pick(
    matrix,
    columns,
    matrix.rows.map(({ cells }) => cells.some(differs)),
  );
}

function pick({ columns, rows }: Matrix, hasColumn: readonly boolean[], hasRow: readonly boolean[]): Matrix {
  const kept = columns.filter((_, index) => hasColumn[index]);
  if (kept.length === 0) return { columns: [], rows: [] };
  const keptRows = rows
    .filter((_, index) => hasRow[index])
    .map(({ client, cells }) => ({ client, cells: cells.filter((_, index) => hasColumn[index]) }));
  return { columns: keptRows.length === 0 ? [] : kept, rows: keptRows };
}

/** What a table draws at once: with a thousand workloads there are a million cells, which stop a browser. */
const DRAWN = { columns: 60, rows: 200 } as const;

/** The first ports and clients, and those without a known identity, who come last; the matrix itself where that is all. */
export function drawnOf(matrix: Matrix): Matrix {
  if (matrix.columns.length <= DRAWN.columns && matrix.rows.length <= DRAWN.rows) return matrix;
  return {
    columns: matrix.columns.slice(0, DRAWN.columns),
    rows: matrix.rows
      .filter(({ client }, row) => row < DRAWN.rows || client.kind !== 'identity')
      .map(({ client, cells }) => ({ client, cells: cells.slice(0, DRAWN.columns) })),
  };
}

export type MatrixKey = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight' | 'Home' | 'End';

export interface Place {
  readonly row: number;
  readonly column: number;
}

const STEPS: Readonly<Record<MatrixKey, (place: Place, last: Place) => Place>> = {
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, last) => ({ row, column: last.column }),
};

/** Where a key leads from a cell, as in every grid (WAI-ARIA, grid pattern); undefined for keys that do not move. */
export function moveInMatrix({ columns, rows }: Matrix, place: Place, key: string): Place | undefined {
  if (!Object.hasOwn(STEPS, key)) return undefined;
  const last = { row: rows.length - 1, column: columns.length - 1 };
  const { row, column } = STEPS[key as MatrixKey](place, last);
  return { row: Math.min(Math.max(row, 0), last.row), column: Math.min(Math.max(column, 0), last.column) };
}
