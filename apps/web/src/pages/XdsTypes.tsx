import type { ProxyView } from '@meshwise/api';
import { typeSyncOf } from '../logic/sync.ts';
import { RelativeTime } from '../ui/Time.tsx';
import { TypeSyncBadge } from './SyncBadge.tsx';

/** What was sent of each type, what the proxy took, and what it said when it refused. */
export function XdsTypes(props: { readonly types: ProxyView['types'] }) {
  const { types } = props;
  if (types.length === 0) return <p className="mw-missing-text">Nothing was sent yet: the proxy has not connected.</p>;
  const rejections = types.filter((type) => type.lastRejection !== null);
  return (
    <>
      <table className="mw-mini" aria-label="Configuration by type">
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">State</th>
            <th scope="col" data-numeric>
              Resources
            </th>
            <th scope="col">Sent</th>
            <th scope="col">Acknowledged</th>
          </tr>
        </thead>
        <tbody>
          {types.map((type) => (
            <tr key={type.type}>
              <th scope="row">{type.type}</th>
              <td>
                <TypeSyncBadge sync={typeSyncOf(type)} />
              </td>
              <td data-numeric>{type.resources}</td>
              <td>
                <code>{type.sent ?? 'nothing'}</code>
              </td>
              <td>
                <code>{type.acknowledged ?? 'nothing'}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rejections.map((type) => (
        <section key={type.type} className="mw-rejection" data-past={type.synced || undefined}>
          <h4>
            {type.synced ? `Last rejected ${type.type}` : `Rejected ${type.type}`}{' '}
            <RelativeTime at={type.lastRejection?.at ?? null} missing="at an unknown time" />
          </h4>
          <p>{type.lastRejection?.reason}</p>
          <p>
            <code>{type.lastRejection?.resources.join(', ')}</code>
          </p>
        </section>
      ))}
    </>
  );
}
