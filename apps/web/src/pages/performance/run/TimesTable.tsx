import type { Distribution, LoadSummary } from '@meshwise/load';
import { latencyText } from '@meshwise/performance';
import { TIMES } from '../../../logic/performance/words.ts';
import { Figure } from '../../../ui/Figure.tsx';

const COLUMNS: readonly { readonly name: string; readonly of: (figures: Distribution) => number | null }[] = [
  { name: 'p50', of: (figures) => figures.p50Ms },
  { name: 'p90', of: (figures) => figures.p90Ms },
  { name: 'p99', of: (figures) => figures.p99Ms },
  { name: 'p99.9', of: (figures) => figures.p999Ms },
  { name: 'max', of: (figures) => figures.maxMs },
];

/** The three times of a request, named and explained where their figures are. */
export function TimesTable(props: { readonly summary: LoadSummary }) {
  return (
    <table className="mw-mini mw-times" aria-label="Response time, service time and schedule lag">
      <thead>
        <tr>
          <th scope="col">Time</th>
          {COLUMNS.map(({ name }) => (
            <th key={name} scope="col" data-numeric>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {TIMES.map(({ key, letter, name, text }) => (
          <tr key={key}>
            <th scope="row">
              <abbr title={name}>{letter}</abbr> {name}
              <span className="mw-times-text">{text}</span>
            </th>
            {COLUMNS.map((column) => (
              <td key={column.name} data-numeric data-label={column.name}>
                <Figure text={latencyText(column.of(props.summary[key]))} missing="Nothing was recorded" />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
