import { bytesText, latencyText, type UseRecord } from '@meshwise/performance';
import { formatCpu } from '../../../logic/format.ts';
import { ROLE_WORDS } from '../../../logic/performance/words.ts';
import { Figure } from '../../../ui/Figure.tsx';
import { Scroll } from '../../../ui/Scroll.tsx';

const MISSING = 'Not enough readings';

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
        <tbody>
          {props.use.map((use) => (
            <tr key={`${use.role} ${use.name}`}>
              <th scope="row">
                {ROLE_WORDS[use.role]} <span className="mw-dim mw-use-name">{use.name}</span>
              </th>
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
      </table>
    </Scroll>
  );
}
