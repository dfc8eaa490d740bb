import type { ShiftReview } from '@meshwise/api';
import { formatRate, plural } from '../../logic/format.ts';
import { Scroll } from '../../ui/Scroll.tsx';
import { Panel } from '../performance/Panel.tsx';
import { withUnit } from './VersionTable.tsx';

/** Whom it concerns, and which fields. */
export function ReviewEffect(props: { readonly review: ShiftReview }) {
  const { callers, requestsPerSecond, matches, managedBy, changes, spec, namespace } = props.review;
  return (
    <div className="mw-perf-grid">
      <Panel title="Whom it concerns">
        <p>
          One route of VirtualService{' '}
          <strong>
            {namespace}/{spec?.targetRef.name}
          </strong>
          {matches.length > 0 && ` for ${matches.join('; or ')}`}
          {managedBy !== null && `, managed by ${managedBy}`}.
        </p>
        {requestsPerSecond === null || callers.length === 0 ? (
          <p className="mw-missing-text">Nobody called these versions in the last window.</p>
        ) : (
          <>
            <p>
              {withUnit(formatRate(requestsPerSecond))} now, from {plural(callers.length, 'caller')}:
            </p>
            <ul className="mw-callers">
              {callers.map(({ workload, requestsPerSecond: own }) => (
                <li key={workload}>
                  {workload} <span className="mw-num mw-dim">{withUnit(formatRate(own))}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Panel>
      <Panel title="Fields of the first step">
        {changes.length === 0 ? (
          <p className="mw-missing-text">The first step changes nothing.</p>
        ) : (
          <Scroll label="Fields of the first step">
            <table className="mw-mini mw-fields-changed" aria-label="Fields of the first step">
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Now</th>
                  <th scope="col">Then</th>
                </tr>
              </thead>
              <tbody>
                {changes.map(({ path, before, after }) => (
                  <tr key={path}>
                    <th scope="row">
                      <code>{path}</code>
                    </th>
                    <td>{valueText(before)}</td>
                    <td>{valueText(after)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </Panel>
    </div>
  );
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'not there';
  if (typeof value !== 'object') return String(value);
  const { host, subset }: { host?: unknown; subset?: unknown } = Reflect.get(value, 'destination') ?? {};
  const weight: unknown = Reflect.get(value, 'weight');
  // A whole destination, where one is added or taken away.
  if (typeof host === 'string') return [host, subset, `weight ${String(weight)}`].filter(Boolean).join(' ');
  return JSON.stringify(value);
}
