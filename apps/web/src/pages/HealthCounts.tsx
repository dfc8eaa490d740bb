import type { Health, StatusView } from '@meshwise/api';
import { Link } from '@tanstack/react-router';
import { usePageSearch } from '../data/page-search.ts';
import type { PagePath } from '../logic/attention.ts';
import { inScope } from '../logic/filter.ts';
import { countHealth, HEALTH_LABEL, HEALTH_ORDER } from '../logic/health.ts';
import { proxyNamespace } from '../logic/rows.ts';
import { HealthIcon } from '../ui/icons.tsx';

interface KindRow {
  readonly title: string;
  readonly path: PagePath;
  readonly items: readonly { readonly health: Health }[];
}

/** How many of each kind are how well. Every number leads to exactly those rows. */
export function HealthCounts(props: { readonly status: StatusView }) {
  const { status } = props;
  const [{ ns }] = usePageSearch();
  const rows: readonly KindRow[] = [
    { title: 'Services', path: '/services', items: status.services.filter((item) => inScope(item.namespace, ns)) },
    { title: 'Workloads', path: '/workloads', items: status.workloads.filter((item) => inScope(item.namespace, ns)) },
    {
      title: 'Proxies',
      path: '/proxies',
      items: status.proxies.filter((item) => inScope(proxyNamespace(item, status.gateways), ns)),
    },
    { title: 'Gateways', path: '/gateways', items: status.gateways.filter((item) => inScope(item.namespace, ns)) },
  ];
  return (
    <section className="mw-panel mw-counts" aria-labelledby="counts-title">
      <h2 id="counts-title">Health</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="mw-sr">Kind</span>
            </th>
            {HEALTH_ORDER.map((health) => (
              <th key={health} scope="col">
                <span className="mw-health" data-health={health} title={HEALTH_LABEL[health]}>
                  <HealthIcon health={health} size={14} />
                  <span className="mw-health-word">{HEALTH_LABEL[health]}</span>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <CountRow key={row.title} row={row} ns={ns} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CountRow(props: { readonly row: KindRow; readonly ns: readonly string[] | undefined }) {
  const { row, ns } = props;
  const counts = countHealth(row.items);
  const scope = { ...(ns && { ns }) };
  return (
    <tr>
      <th scope="row">
        <Link to={row.path} search={scope}>
          {row.title}
        </Link>
      </th>
      {HEALTH_ORDER.map((health) => (
        <td key={health} data-zero={counts[health] === 0 || undefined} data-health={health}>
          {counts[health] === 0 ? (
            0
          ) : (
            <Link
              to={row.path}
              search={{ ...scope, q: `health:${health}` }}
              aria-label={`${counts[health]} ${HEALTH_LABEL[health].toLowerCase()} ${row.title.toLowerCase()}`}
            >
              {counts[health]}
            </Link>
          )}
        </td>
      ))}
    </tr>
  );
}
