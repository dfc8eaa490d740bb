import type { ShiftVersionView, ShiftView } from '@meshwise/api';
import { formatLatency, formatPercent } from '../../logic/format.ts';
import { isOver } from '../../logic/shift/words.ts';
import { Figure } from '../../ui/Figure.tsx';
import { Scroll } from '../../ui/Scroll.tsx';
import { Panel } from '../performance/Panel.tsx';

const NO_REQUESTS = 'no requests in this window';

/** Every version with the weight that is set beside the share that is seen, and what it did in the window of the step. */
export function LiveVersions(props: { readonly shift: ShiftView }) {
  const { shift } = props;
  const { versions, proxies, spec } = shift;
  const note = isOver(shift)
    ? 'What the route says now, and what was measured in the last step.'
    : `In the window of this step${proxies === null ? '' : `, at ${proxies.read} of ${proxies.all} proxies`}.`;
  return (
    <Panel title="Versions" note={note}>
      <Scroll label="Versions">
        <table className="mw-mini mw-live-versions" aria-label="Versions">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Set and observed</th>
              <th scope="col" data-numeric>
                Requests
              </th>
              <th scope="col" data-numeric>
                Success
              </th>
              <th scope="col" data-numeric>
                p50
              </th>
              <th scope="col" data-numeric>
                p99
              </th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr key={version.name}>
                <th scope="row">{version.name}</th>
                <td>
                  <Weights version={version} mirrored={spec.mirror !== undefined} />
                </td>
                <td data-numeric className="mw-num">
                  {version.requests}
                </td>
                <td data-numeric>
                  <Figure
                    text={formatPercent(version.successRate)}
                    missing={NO_REQUESTS}
                    alarming={version.successRate !== null && version.successRate < 99}
                  />
                </td>
                <td data-numeric>
                  <Figure text={formatLatency(version.p50Ms)} missing={latencyMissing(version)} />
                </td>
                <td data-numeric>
                  <Figure text={formatLatency(version.p99Ms)} missing={latencyMissing(version)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

/** Set above, observed below, on the same scale. */
function Weights(props: { readonly version: ShiftVersionView; readonly mirrored: boolean }) {
  const { version, mirrored } = props;
  const { setWeight, observedWeight } = version;
  const missing = mirrored ? 'copies count too' : NO_REQUESTS;
  return (
    <div className="mw-weights">
      <span className="mw-weights-row">
        <span className="mw-weights-label">set</span>
        <span className="mw-weights-bar" aria-hidden="true">
          <span data-part="set" style={{ width: `${setWeight ?? 0}%` }} />
        </span>
        <Figure text={formatPercent(setWeight)} missing="the route does not say" />
      </span>
      <span className="mw-weights-row">
        <span className="mw-weights-label">seen</span>
        <span className="mw-weights-bar" aria-hidden="true">
          <span data-part="seen" style={{ width: `${observedWeight ?? 0}%` }} />
        </span>
        <Figure text={formatPercent(observedWeight)} missing={missing} />
      </span>
    </div>
  );
}

function latencyMissing({ requests }: ShiftVersionView): string {
  return requests === 0 ? NO_REQUESTS : 'Envoy hands latencies over every few seconds';
}
