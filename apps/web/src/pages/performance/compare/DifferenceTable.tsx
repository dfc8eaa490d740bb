import type { Comparison } from '@meshwise/performance';
import { Scroll } from '../../../ui/Scroll.tsx';

export function DifferenceTable(props: { readonly comparison: Comparison }) {
  const { runs, differences } = props.comparison;
  if (differences.length === 0)
    return <p className="mw-dim">Nothing but the time: same target, load, machine and versions.</p>;
  return (
    <Scroll label="What differs">
      <table className="mw-mini" aria-label="What differs">
        <thead>
          <tr>
            <th scope="col">What</th>
            {runs.map((run) => (
              <th key={run.id} scope="col">
                {run.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {differences.map(({ what, values }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              {runs.map((run, index) => (
                <td key={run.id} data-changed={values[index] !== values[0] || undefined}>
                  {values[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
