import type { LoadSummary } from '@meshwise/load';
import { numberText } from '@meshwise/performance';

/** Errors by kind, each with one message. Messages come from servers, so they are shown as text, whatever they hold. */
export function ErrorTable(props: { readonly errors: LoadSummary['errors'] }) {
  return (
    <table className="mw-mini mw-errors" aria-label="Errors by kind">
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col" data-numeric>
            Count
          </th>
          <th scope="col">One of them</th>
        </tr>
      </thead>
      <tbody>
        {props.errors.map(({ kind, count, sample }) => (
          <tr key={kind}>
            <th scope="row">{kind}</th>
            <td data-numeric className="mw-num">
              {numberText(count)}
            </td>
            <td>{sample === null ? <span className="mw-dim">no message</span> : <code>{sample}</code>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
