import { useMediaQuery } from '@mantine/hooks';
import { latencyText, numberText } from '@meshwise/performance';
import { Link } from '@tanstack/react-router';
import type { ResultRow } from '../../logic/performance/result-rows.ts';
import { MOST_COMPARED } from '../../logic/performance/selection.ts';
import { errorPercentOf } from '../../logic/performance/words.ts';
import { Figure } from '../../ui/Figure.tsx';
import { NARROW } from '../../ui/ResourceTable.tsx';
import { RelativeTime } from '../../ui/Time.tsx';
import { StateBadge, TrustBadge } from './Badges.tsx';

interface Props {
  readonly rows: readonly ResultRow[];
  readonly ids: readonly string[];
  readonly onToggle: (id: string) => void;
}

const NO_FIGURES = 'Nothing was measured';

/** Results that have ended, newest first. */
export function ResultList(props: Props) {
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  if (props.rows.length === 0) return null;
  return narrow ? <Cards {...props} /> : <Table {...props} />;
}

function Table(props: Props) {
  return (
    <table className="mw-table mw-results" aria-label="Results">
      <thead>
        <tr>
          <th scope="col">
            <span className="mw-sr">Compare</span>
          </th>
          <th scope="col">State</th>
          <th scope="col" data-width="grow">
            Name
          </th>
          <th scope="col" data-numeric>
            Achieved
          </th>
          <th scope="col" data-numeric>
            p50
          </th>
          <th scope="col" data-numeric>
            p99
          </th>
          <th scope="col" data-numeric>
            Errors
          </th>
          <th scope="col">Trust</th>
          <th scope="col">Started</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.id} data-open={props.ids.includes(row.id) || undefined}>
            <td>
              <Pick {...props} row={row} />
            </td>
            <td>
              <StateBadge state={row.state} />
            </td>
            <td data-width="grow">
              <Name row={row} />
            </td>
            {row.kind === 'experiment' ? (
              <td colSpan={5}>
                <Adds row={row} />
              </td>
            ) : (
              <>
                <td data-numeric>
                  <Achieved row={row} />
                </td>
                <td data-numeric>
                  <Figure text={latencyText(row.p50Ms)} missing={NO_FIGURES} />
                </td>
                <td data-numeric>
                  <Figure text={latencyText(row.p99Ms)} missing={NO_FIGURES} />
                </td>
                <td data-numeric>
                  <Errors row={row} />
                </td>
                <td>
                  <TrustBadge verdict={row.trust} />
                </td>
              </>
            )}
            <td>
              <RelativeTime at={row.startedAt} missing="unknown" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cards(props: Props) {
  return (
    <ul className="mw-cards" aria-label="Results">
      {props.rows.map((row) => (
        <li key={row.id} className="mw-card" data-open={props.ids.includes(row.id) || undefined}>
          <div className="mw-card-head">
            <Pick {...props} row={row} />
            <Name row={row} />
            <StateBadge state={row.state} />
          </div>
          <dl className="mw-card-facts">
            {row.kind === 'experiment' ? (
              <CardFact name="The mesh adds" wide>
                <Adds row={row} />
              </CardFact>
            ) : (
              <>
                <CardFact name="Achieved">
                  <Achieved row={row} />
                </CardFact>
                <CardFact name="p50">
                  <Figure text={latencyText(row.p50Ms)} missing={NO_FIGURES} />
                </CardFact>
                <CardFact name="p99">
                  <Figure text={latencyText(row.p99Ms)} missing={NO_FIGURES} />
                </CardFact>
                <CardFact name="Errors">
                  <Errors row={row} />
                </CardFact>
                <CardFact name="Trust">
                  <TrustBadge verdict={row.trust} />
                </CardFact>
              </>
            )}
            <CardFact name="Started">
              <RelativeTime at={row.startedAt} missing="unknown" />
            </CardFact>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function CardFact(props: { readonly name: string; readonly children: React.ReactNode; readonly wide?: boolean }) {
  return (
    <div data-card={props.wide ? 'wide' : undefined}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Pick(props: Props & { readonly row: ResultRow }) {
  const { row, ids, onToggle } = props;
  if (!row.comparable) return null;
  const picked = ids.includes(row.id);
  return (
    <input
      type="checkbox"
      className="mw-check"
      aria-label={`Compare ${row.name}`}
      checked={picked}
      disabled={!picked && ids.length >= MOST_COMPARED}
      onChange={() => onToggle(row.id)}
    />
  );
}

/** What a name does not say already. */
function Name(props: { readonly row: ResultRow }) {
  const { row } = props;
  const context = row.name.includes(row.target) ? '' : row.target;
  return (
    <span className="mw-result-name">
      <Link
        className="mw-row-open mw-row-name"
        to={row.kind === 'run' ? '/performance/runs/$id' : '/performance/experiments/$id'}
        params={{ id: row.id }}
      >
        {row.name}
      </Link>
      {context !== '' && <span className="mw-row-context">{context}</span>}
    </span>
  );
}

function Achieved(props: { readonly row: ResultRow }) {
  const { requestedRps, achievedRps } = props.row;
  const short = requestedRps !== null && achievedRps !== null && achievedRps < 0.99 * requestedRps;
  return (
    <>
      <Figure text={numberText(achievedRps)} missing={NO_FIGURES} alarming={short} />
      {achievedRps !== null && requestedRps !== null && <span className="mw-of">/{numberText(requestedRps)}</span>}
    </>
  );
}

function Errors(props: { readonly row: ResultRow }) {
  const { counts } = props.row;
  if (counts === undefined) return <Figure text="–" missing={NO_FIGURES} />;
  return <Figure text={errorPercentOf(counts)} missing={NO_FIGURES} alarming={counts.failed + counts.dropped > 0} />;
}

function Adds(props: { readonly row: ResultRow }) {
  const { adds } = props.row;
  if (adds === undefined) return <span className="mw-missing-text">No report</span>;
  return (
    <>
      <span className="mw-dim mw-adds">The mesh adds </span>
      <span className="mw-num">{adds}</span>
    </>
  );
}
