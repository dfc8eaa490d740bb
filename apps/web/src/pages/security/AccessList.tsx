import { usePageSearch } from '../../data/page-search.ts';
import type { Matrix } from '../../logic/security/matrix.ts';
import { MUTUAL_TLS } from '../../logic/security/words.ts';
import { VerdictBadge } from './VerdictBadge.tsx';

/** The matrix on a phone: one server is chosen, and its clients are a list. */
export function AccessList({ matrix, onOpen }: { readonly matrix: Matrix; readonly onOpen: (id: string) => void }) {
  const [search, update] = usePageSearch();
  const found = matrix.columns.findIndex(({ id }) => id === search.server);
  const chosen = Math.max(found, 0);
  const column = matrix.columns[chosen];
  if (column === undefined) return null;
  return (
    <>
      <label className="mw-access-choice">
        Who may call
        <select value={column.id} onChange={({ target }) => update({ server: target.value })}>
          {matrix.columns.map(({ id }) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </label>
      <p className="mw-dim">It takes {MUTUAL_TLS[column.port.mutualTls]}.</p>
      <ul className="mw-access-list">
        {matrix.rows.map(({ client, cells }) => {
          const cell = cells[chosen];
          if (cell === undefined) return null;
          return (
            <li key={client.name}>
              <button type="button" className="mw-access-item" onClick={() => onOpen(cell.id)}>
                <VerdictBadge verdict={cell.summary.verdict} />
                <span className="mw-access-name">{client.name}</span>
                <span className="mw-reason">{cell.summary.reason}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
