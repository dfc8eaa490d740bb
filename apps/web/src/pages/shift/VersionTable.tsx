import type { ShiftTarget } from '@meshwise/api';
import { formatLatency, formatPercent, formatRate } from '../../logic/format.ts';
import { Figure } from '../../ui/Figure.tsx';
import { Scroll } from '../../ui/Scroll.tsx';

export const NOBODY_CALLS = 'nobody called it in the last window';

/** What each version gets and does now. */
export function VersionTable(props: { readonly target: ShiftTarget }) {
  const { host, versions, virtualService } = props.target;
  return (
    <Scroll label={`Versions of ${host}`}>
      <table className="mw-mini mw-versions" aria-label={`Versions of ${host}`}>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col" data-numeric>
              Now
            </th>
            <th scope="col" data-numeric>
              Weight
            </th>
            <th scope="col" data-numeric>
              Pods
            </th>
            <th scope="col" data-numeric>
              Requests
            </th>
            <th scope="col" data-numeric>
              Errors
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
              <td data-numeric>
                <Figure
                  text={virtualService === null ? '–' : formatPercent(version.percent)}
                  missing="no VirtualService says"
                />
              </td>
              <td data-numeric>
                <Figure
                  text={version.weight === null ? '–' : String(version.weight)}
                  missing="the route names no weight"
                />
              </td>
              <td data-numeric>
                <Figure
                  text={version.podsReady === null ? '–' : String(version.podsReady)}
                  missing="its pods are not known"
                  alarming={version.podsReady === 0}
                />
              </td>
              <td data-numeric>
                <Figure text={withUnit(formatRate(version.traffic.requestsPerSecond))} missing={NOBODY_CALLS} />
              </td>
              <td data-numeric>
                <Figure
                  text={formatPercent(version.traffic.errorPercent)}
                  missing={NOBODY_CALLS}
                  alarming={(version.traffic.errorPercent ?? 0) >= 1}
                />
              </td>
              <td data-numeric>
                <Figure text={formatLatency(version.traffic.latencyP99Ms)} missing={NOBODY_CALLS} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function withUnit(rate: string): string {
  return rate === '–' ? rate : `${rate} rps`;
}
