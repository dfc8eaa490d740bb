import { useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { usePageSearch } from '../../data/page-search.ts';
import { topologyOf } from '../../logic/topology/graph.ts';
import { describeTopology, EDGE_LABEL_TITLES, EDGE_LABELS } from '../../logic/topology/labels.ts';
import { inNamespaces, limitTopology } from '../../logic/topology/limit.ts';
import { searchTopology } from '../../logic/topology/search.ts';
import { PageHead } from '../../ui/PageHead.tsx';
import { NARROW } from '../../ui/ResourceTable.tsx';
import { EmptyState, NothingMatches } from '../../ui/States.tsx';
import { useStatus } from '../use-status.ts';
import { TopologyDetail } from './TopologyDetail.tsx';
import { TopologyGraph } from './TopologyGraph.tsx';
import { TopologyTables } from './TopologyTables.tsx';

/** Who calls whom, as a picture and as a table: the same data, the same filter, the same address. */
export function TopologyPage() {
  const status = useStatus();
  const [search, update] = usePageSearch();
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const whole = useMemo(() => topologyOf(status), [status]);
  const found = useMemo(
    () => searchTopology(inNamespaces(whole, search.ns ?? []), search.q, search.view === 'problems'),
    [whole, search.ns, search.q, search.view],
  );
  const shown = useMemo(() => limitTopology(found), [found]);
  const asTable = search.as === 'table';
  const opened = search.open === undefined ? undefined : whole.nodes.find(({ id }) => id === search.open);
  const label = search.label ?? 'rate';
  return (
    <>
      <PageHead title="Topology" path="/topology">
        {whole.nodes.length > 0 && describeTopology(shown)}
      </PageHead>
      {whole.nodes.length === 0 ? (
        <EmptyState title="Nothing to draw yet" commands={['meshwise apply -f FILE', 'meshwise up --sample bookinfo']}>
          The topology shows which workloads call which services, as their proxies see it. Apply your own manifests, or
          start the sample.
        </EmptyState>
      ) : (
        <>
          <div className="mw-filter">
            <button
              type="button"
              className="mw-toggle"
              aria-pressed={asTable}
              onClick={() => update({ as: asTable ? undefined : 'table' })}
            >
              As a table
            </button>
            <button
              type="button"
              className="mw-toggle"
              aria-pressed={search.view === 'problems'}
              onClick={() => update({ view: search.view === undefined ? 'problems' : undefined })}
            >
              Problems only
            </button>
            {!asTable && (
              <label className="mw-topology-label">
                Edges show
                <select
                  value={label}
                  onChange={({ target }) =>
                    update({ label: EDGE_LABELS.find((one) => one === target.value && one !== 'rate') })
                  }
                >
                  {EDGE_LABELS.map((one) => (
                    <option key={one} value={one}>
                      {EDGE_LABEL_TITLES[one]}
                    </option>
                  ))}
                </select>
              </label>
            )}
          </div>
          {shown.hidden > 0 && (
            <p className="mw-topology-notice" role="status">
              Showing {shown.nodes.length} of {shown.nodes.length + shown.hidden}: what is in trouble first, then what
              is busiest. Choose a namespace or search to see the rest.
            </p>
          )}
          {whole.edges.every(({ kind }) => kind !== 'call') && (
            <p className="mw-topology-notice" role="status">
              No calls have been seen yet. Edges appear once requests pass a proxy, for instance after opening the
              gateway’s address{status.addresses.gateway === null ? '' : ` ${status.addresses.gateway}`}.
            </p>
          )}
          {shown.nodes.length === 0 ? (
            <NothingMatches
              what={`${whole.nodes.length} nodes`}
              onClear={() => update({ q: undefined, view: undefined, ns: undefined })}
            />
          ) : asTable ? (
            <TopologyTables topology={shown} status={status} onOpen={(id) => update({ open: id })} />
          ) : (
            <TopologyGraph
              topology={shown}
              label={label}
              direction={narrow ? 'TB' : 'LR'}
              selected={opened?.id}
              onOpen={(id) => update({ open: id })}
            />
          )}
        </>
      )}
      {opened !== undefined && (
        <TopologyDetail
          node={opened}
          topology={whole}
          status={status}
          onOpen={(id) => update({ open: id })}
          onClose={() => update({ open: undefined })}
        />
      )}
    </>
  );
}
