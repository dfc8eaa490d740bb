import type { ChartScene } from '@meshwise/performance';
import { Scroll } from './Scroll.tsx';

/** The same figures to read, sort out by ear or copy. */
export function ChartTwin(props: { readonly scene: ChartScene }) {
  const { title, table } = props.scene;
  const [first = '', ...rest] = table.headings;
  return (
    <Scroll label={title} tall>
      <table className="mw-mini" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {rest.map((heading, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two runs may have the same name
              <th key={index} scope="col" data-numeric>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(([head, ...cells], row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are places
            <tr key={row}>
              <th scope="row">{head}</th>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells are columns
                <td key={index} data-numeric>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
