import type { Comparison, ComparisonCell, ComparisonRow } from '@meshwise/performance';
import { changeText, comparedBadge, comparedText } from '../../../logic/performance/compared.ts';
import { Figure } from '../../../ui/Figure.tsx';
import { Scroll } from '../../../ui/Scroll.tsx';
import { ToneBadge } from '../Badges.tsx';

/** Two runs fit a phone; more scroll within the table. */
const NAME_REM = 6.5;
const RUN_REM = 6.5;

export function MetricTable(props: { readonly comparison: Comparison }) {
  const { runs, rows } = props.comparison;
  const [baseline, ...others] = runs;
  const reasons = new Set(rows.flatMap((row) => row.runs.flatMap(({ reason }) => (reason === null ? [] : [reason]))));
  return (
    <>
      <Scroll label="Figures compared">
        <table
          className="mw-mini mw-metrics"
          aria-label="Figures compared"
          style={{ minWidth: `${NAME_REM + RUN_REM * runs.length}rem` }}
        >
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" data-numeric>
                {baseline?.name}
                <span className="mw-interval">baseline</span>
              </th>
              {others.map((run) => (
                <th key={run.id} scope="col" data-numeric>
                  {run.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.metric}>
                <th scope="row">{row.label}</th>
                <td data-numeric>
                  <Figure text={comparedText(row, row.baseline)} missing="Not measured" />
                </td>
                {row.runs.map((cell) => (
                  <Cell key={cell.runId} row={row} cell={cell} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {[...reasons].map((reason) => (
        <p key={reason} className="mw-field-hint">
          Unknown: {reason}.
        </p>
      ))}
    </>
  );
}

function Cell(props: { readonly row: ComparisonRow; readonly cell: ComparisonCell }) {
  const { row, cell } = props;
  return (
    <td data-numeric>
      <Figure text={comparedText(row, cell.value)} missing={cell.reason ?? 'Not measured'} />
      <span className="mw-cell-change">
        <span className="mw-dim">{changeText(row, cell)}</span>
        <span title={cell.reason ?? undefined}>
          <ToneBadge badge={comparedBadge(cell)} size={12} />
        </span>
      </span>
    </td>
  );
}
