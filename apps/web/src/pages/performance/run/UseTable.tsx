import { bytesText, latencyText, type UseRecord, type UseRole } from '@meshwise/performance';
import { formatCpu } from '../../../logic/format.ts';
import { ROLE_WORDS } from '../../../logic/performance/words.ts';
import { Figure } from '../../../ui/Figure.tsx';
import { Scroll } from '../../../ui/Scroll.tsx';

const MISSING = 'Not enough readings';

/** The busiest first, of each role. */
function byRole(use: readonly UseRecord[]): [UseRole, UseRecord[]][] {
  const busiest = use.toSorted((a, b) => (b.cpuMillicoresMean ?? 0) - (a.cpuMillicoresMean ?? 0));
  const roles = ROLES.map((role): [UseRole, UseRecord[]] => [role, busiest.filter((one) => one.role === role)]);
  return roles.filter(([, all]) => all.length > 0);
}

const ROLES: readonly UseRole[] = ['application', 'sidecar', 'gateway', 'generator', 'control-plane'];

/** What everyone on the way used, applications and sidecars apart (000-54). */
export function UseTable(props: { readonly use: readonly UseRecord[] }) {
  if (props.use.length === 0) return <p className="mw-missing-text">Nobody on the way could be read.</p>;
  return (
    <Scroll label="Resource use">
      <table className="mw-mini mw-use" aria-label="Resource use">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col" data-numeric>
              CPU mean
            </th>
            <th scope="col" data-numeric>
              CPU most
            </th>
            <th scope="col" data-numeric>
              CPU per 1,000 requests
            </th>
            <th scope="col" data-numeric>
              Memory mean
            </th>
            <th scope="col" data-numeric>
              Memory most
            </th>
          </tr>
        </thead>
        {byRole(props.use).map(([role, all]) => (
          <tbody key={role}>
            <tr className="mw-use-role">
              <th scope="rowgroup" colSpan={6}>
                {ROLE_WORDS[role]}
              </th>
            </tr>
            {all.map((use) => (
              <tr key={use.name}>
                <th scope="row">{use.name}</th>
                <td data-numeric>
                  <Figure text={formatCpu(use.cpuMillicoresMean)} missing={MISSING} />
                </td>
                <td data-numeric>
                  <Figure text={formatCpu(use.cpuMillicoresMax)} missing={MISSING} />
                </td>
                <td data-numeric>
                  <Figure text={latencyText(use.cpuMsPer1000Requests)} missing={MISSING} />
                </td>
                <td data-numeric>
                  <Figure text={bytesText(use.memoryBytesMean)} missing={MISSING} />
                </td>
                <td data-numeric>
                  <Figure text={bytesText(use.memoryBytesMax)} missing={MISSING} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </Scroll>
  );
}
