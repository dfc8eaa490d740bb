import type { ShiftView } from '@meshwise/api';
import { Link } from '@tanstack/react-router';
import { usePageSearch } from '../../data/page-search.ts';
import { useFailure } from '../../data/performance-queries.ts';
import { useShifts } from '../../data/shift-queries.ts';
import { pageCommand } from '../../logic/cli.ts';
import { inScope } from '../../logic/filter.ts';
import { plural } from '../../logic/format.ts';
import { isOver, reasonOf, splitWords } from '../../logic/shift/words.ts';
import { CommandTwin } from '../../ui/CopyButton.tsx';
import { ErrorState, NothingMatches } from '../../ui/States.tsx';
import { RelativeTime } from '../../ui/Time.tsx';
import { PageSkeleton, StaleBanner } from '../performance/PageStates.tsx';
import { PhaseBadge } from './PhaseBadge.tsx';
import { ShiftHead } from './ShiftHead.tsx';
import './shift.css';

export function ShiftListPage() {
  const [search, update] = usePageSearch();
  const { data, error, refetch } = useShifts();
  const failure = useFailure(error);
  const retry = () => void refetch();
  const q = (search.q ?? '').toLowerCase();
  const shown = data?.items.filter(
    ({ namespace, name, spec }) =>
      inScope(namespace, search.ns) && `${namespace}/${name} ${spec.targetRef.name}`.toLowerCase().includes(q),
  );
  return (
    <>
      <ShiftHead
        title="Shifts"
        crumb={false}
        command={pageCommand('/shifts', search.ns)}
        actions={
          <Link className="mw-button" to="/shifts/new/$step" params={{ step: 'target' }}>
            Shift traffic
          </Link>
        }
      >
        {shown !== undefined && shown.length > 0 && plural(shown.length, 'traffic shift')}
      </ShiftHead>
      {failure !== undefined && data !== undefined && <StaleBanner failure={failure} onRetry={retry} />}
      {shown === undefined ? (
        failure === undefined ? (
          <PageSkeleton what="shifts" />
        ) : (
          <ErrorState failure={failure} onRetry={retry} />
        )
      ) : data?.items.length === 0 ? (
        <FirstShift />
      ) : shown.length === 0 ? (
        <NothingMatches what="shifts" onClear={() => update({ q: undefined, ns: undefined })} />
      ) : (
        <ul className="mw-shift-list">
          {shown.map((shift) => (
            <ShiftRow key={`${shift.namespace}/${shift.name}`} shift={shift} />
          ))}
        </ul>
      )}
    </>
  );
}

function ShiftRow(props: { readonly shift: ShiftView }) {
  const { shift } = props;
  const { namespace, name, spec, step, versions } = shift;
  const set = Object.fromEntries(versions.map((one) => [one.name, one.setWeight ?? 0]));
  return (
    <li className="mw-shift-row">
      <p className="mw-shift-row-name">
        <Link to="/shifts/live/$namespace/$name" params={{ namespace, name }}>
          {name}
        </Link>{' '}
        <span className="mw-row-context">{namespace}</span>
      </p>
      <PhaseBadge phase={shift.phase} />
      <p className="mw-num mw-shift-row-step">
        {isOver(shift) ? (
          <RelativeTime at={shift.endedAt} missing="not known when" />
        ) : step < 0 ? (
          'not begun'
        ) : (
          `step ${step + 1} of ${spec.steps.length}`
        )}
      </p>
      <p className="mw-shift-row-split">{splitWords(set)}</p>
      <p className="mw-reason">{reasonOf(shift)}</p>
    </li>
  );
}

/** Teaches what a shift is for. */
function FirstShift() {
  return (
    <section className="mw-state mw-empty" aria-label="No traffic shifts yet">
      <h2>No traffic shifts yet</h2>
      <p>
        A shift moves the weights of a route from one version to another, step by step, and looks at each step what the
        new version does: how many requests fail and how slow they are at their callers. A gate that fails brings the
        weights before back.
      </p>
      <Link className="mw-button" to="/shifts/new/$step" params={{ step: 'target' }}>
        Shift traffic
      </Link>
      <CommandTwin command="meshwise apply -f shift.yaml" />
    </section>
  );
}
