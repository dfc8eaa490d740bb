import type { ShiftSpec } from '@meshwise/api';
import { Scroll } from '../../ui/Scroll.tsx';

/** The steps of a plan with what each asks for. */
export function PlanTable(props: { readonly spec: ShiftSpec }) {
  const { versions, steps } = props.spec;
  return (
    <Scroll label="Steps">
      <table className="mw-mini mw-plan-steps" aria-label="Steps">
        <thead>
          <tr>
            <th scope="col">Step</th>
            {versions.map(({ name }) => (
              <th key={name} scope="col" data-numeric>
                {name}
              </th>
            ))}
            <th scope="col">Hold</th>
            <th scope="col">Gate</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
            <tr key={index}>
              <th scope="row">{index + 1}</th>
              {versions.map(({ name }) => (
                <td key={name} data-numeric className="mw-num">
                  {step.weights[name] ?? 0} %
                </td>
              ))}
              <td>{step.hold ?? 'none'}</td>
              <td>{gateWords(step.gate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function gateWords(gate: ShiftSpec['steps'][number]['gate']): string {
  if (gate === undefined) return 'none';
  const { successRate, p99, minRequests } = gate;
  const parts = [
    ...(successRate === undefined ? [] : [`success ≥ ${successRate} %`]),
    ...(p99 === undefined ? [] : [`p99 ≤ ${p99}`]),
    `${minRequests ?? 1} requests`,
  ];
  return parts.join(', ');
}
