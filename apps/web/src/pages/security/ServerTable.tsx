import type { MatrixColumn } from '../../logic/security/matrix.ts';
import { MUTUAL_TLS } from '../../logic/security/words.ts';
import { Scroll } from '../../ui/Scroll.tsx';

/** How each server is entered, and who it is itself. */
export function ServerTable({ columns }: { readonly columns: readonly MatrixColumn[] }) {
  return (
    <>
      <h2 className="mw-access-heading">Servers</h2>
      <Scroll label="Servers">
        <table className="mw-access-servers" aria-label="Servers">
          <thead>
            <tr>
              <th scope="col">Workload</th>
              <th scope="col">Port</th>
              <th scope="col">Takes</th>
              <th scope="col">Identity</th>
              <th scope="col">Pods</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ id, server, port }) => (
              <tr key={id}>
                <th scope="row">
                  {server.name} <span className="mw-row-context">{server.namespace}</span>
                </th>
                <td>
                  {port.port} <span className="mw-dim">{port.protocol}</span>
                </td>
                <td>{MUTUAL_TLS[port.mutualTls]}</td>
                <td>
                  {server.identity === null ? (
                    <span className="mw-missing-text">none</span>
                  ) : (
                    <code>{server.identity}</code>
                  )}
                </td>
                <td className="mw-num">{server.pods.length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
