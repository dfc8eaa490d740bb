import type { Health, ShiftCheck, ShiftView } from '@meshwise/api';
import { formatLatency, formatPercent } from '../../logic/format.ts';
import { Figure } from '../../ui/Figure.tsx';
import { HealthIcon } from '../../ui/icons.tsx';
import { Scroll } from '../../ui/Scroll.tsx';

const VERDICT: Readonly<Record<ShiftCheck['verdict'], { readonly label: string; readonly tone: Health }>> = {
  pass: { label: 'Passes', tone: 'healthy' },
  fail: { label: 'Fails', tone: 'failing' },
  insufficient: { label: 'Insufficient data', tone: 'unknown' },
};

const FIGURES: Readonly<Record<ShiftCheck['figure'], string>> = {
  requests: 'Requests',
  successRate: 'Success',
  p99: 'p99',
};

/** Each thing the gate asks for: measured, limit, of how many. */
export function GateTable(props: { readonly shift: ShiftView }) {
  const { shift } = props;
  if (shift.checks.length === 0) {
    const gated = shift.spec.steps[shift.step]?.gate !== undefined;
    return (
      <p className="mw-missing-text">
        {gated ? 'No version gains traffic in this step.' : 'This step has no gate: it is over after its hold.'}
      </p>
    );
  }
  return (
    <Scroll label="Gate of this step">
      <table className="mw-mini mw-gate" aria-label="Gate of this step">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Figure</th>
            <th scope="col" data-numeric>
              Measured
            </th>
            <th scope="col" data-numeric>
              Limit
            </th>
            <th scope="col" data-numeric>
              Samples
            </th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {shift.checks.map((check) => (
            <tr key={`${check.version} ${check.figure}`}>
              <th scope="row">{check.version}</th>
              <td>{FIGURES[check.figure]}</td>
              <td data-numeric>
                <Figure
                  text={measuredText(check)}
                  missing="nothing was measured yet"
                  alarming={check.verdict === 'fail'}
                />
              </td>
              <td data-numeric className="mw-num">
                {limitText(check)}
              </td>
              <td data-numeric className="mw-num">
                {check.samples} of {check.needed}
              </td>
              <td>
                <span className="mw-health" data-health={VERDICT[check.verdict].tone}>
                  <HealthIcon health={VERDICT[check.verdict].tone} size={14} />
                  {check.verdict === 'insufficient' ? check.words : VERDICT[check.verdict].label}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function measuredText({ figure, measured }: ShiftCheck): string {
  if (figure === 'successRate') return formatPercent(measured);
  if (figure === 'p99') return formatLatency(measured);
  return measured === null ? '–' : String(measured);
}

function limitText({ figure, limit }: ShiftCheck): string {
  if (figure === 'successRate') return `≥ ${formatPercent(limit)}`;
  return figure === 'p99' ? `≤ ${formatLatency(limit)}` : `≥ ${limit}`;
}
