import { type KeyboardEvent, useRef, useState } from 'react';
import { type Matrix, type MatrixColumn, moveInMatrix, type Place } from '../../logic/security/matrix.ts';
import { cellLabel, MUTUAL_TLS, VERDICTS } from '../../logic/security/words.ts';

interface Props {
  readonly matrix: Matrix;
  readonly onOpen: (id: string) => void;
}

/** Clients down, servers across. One cell is in the order of tabs; the arrow keys lead to the others (WAI-ARIA, roving tabindex). */
export function AccessMatrix({ matrix, onOpen }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const [asked, setAsked] = useState<Place>({ row: 0, column: 0 });
  // What is filtered out cannot have the focus.
  const current = {
    row: Math.min(asked.row, matrix.rows.length - 1),
    column: Math.min(asked.column, matrix.columns.length - 1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moveInMatrix(matrix, current, event.key);
    if (next === undefined) return;
    event.preventDefault();
    setAsked(next);
    table.current?.querySelector<HTMLElement>(`[data-place="${next.row}/${next.column}"]`)?.focus();
  };
  return (
    <div className="mw-access">
      <table ref={table} aria-label="Who may call whom">
        <thead>
          <tr>
            <th scope="col" className="mw-access-corner">
              From, down; to, across
            </th>
            {matrix.columns.map((column) => (
              <ColumnHead key={column.id} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.rows.map(({ client, cells }, row) => (
            <tr key={client.name}>
              <th scope="row">
                <span className="mw-access-name">{client.name}</span>
                <span className="mw-access-context">{client.workloads.map(withoutNamespace).join(', ')}</span>
              </th>
              {cells.map((cell, column) => {
                const { verdict } = cell.summary;
                const { sign, word } = VERDICTS[verdict];
                const isCurrent = row === current.row && column === current.column;
                return (
                  <td key={cell.id} data-verdict={verdict}>
                    <button
                      type="button"
                      data-place={`${row}/${column}`}
                      tabIndex={isCurrent ? 0 : -1}
                      aria-label={cellLabel(cell)}
                      title={cell.summary.reason}
                      onKeyDown={onKeyDown}
                      onFocus={() => setAsked({ row, column })}
                      onClick={() => onOpen(cell.id)}
                    >
                      <span aria-hidden="true">{sign}</span> {word}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead({ column: { server, port } }: { readonly column: MatrixColumn }) {
  return (
    <th scope="col" data-tls={port.mutualTls} title={MUTUAL_TLS[port.mutualTls]}>
      <span className="mw-access-name">{server.name}</span>
      <span className="mw-access-context">
        {server.role === 'gateway' ? 'gateway ' : ''}
        {server.namespace} :{port.port}
      </span>
      <span className="mw-access-context">mTLS {port.mutualTls}</span>
    </th>
  );
}

function withoutNamespace(workload: string): string {
  return workload.slice(workload.indexOf('/') + 1);
}
