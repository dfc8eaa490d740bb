import type { ShiftTarget } from '@meshwise/api';
import { useId } from 'react';
import { usePageSearch } from '../../data/page-search.ts';
import { inScope } from '../../logic/filter.ts';
import { EMPTY_SHIFT, type ShiftForm, targetId } from '../../logic/shift/form.ts';
import { EmptyState } from '../../ui/States.tsx';
import { Note } from './Note.tsx';
import type { ChangeShift } from './use-shift-form.ts';
import { VersionTable } from './VersionTable.tsx';

/** Routes that split, or could, whoever wrote them: with what would be changed of them, or why they cannot be. */
export function TargetStep(props: {
  readonly targets: readonly ShiftTarget[];
  readonly form: ShiftForm;
  readonly change: ChangeShift;
}) {
  const { targets, form, change } = props;
  const [search] = usePageSearch();
  const group = useId();
  const q = (search.q ?? '').toLowerCase();
  const shown = targets.filter(
    ({ namespace, host, virtualService }) =>
      inScope(namespace, search.ns) && `${host} ${virtualService ?? ''}`.toLowerCase().includes(q),
  );
  if (shown.length === 0) {
    return (
      <EmptyState title="Nothing to shift" commands={['meshwise get virtualservices,destinationrules -A']}>
        a shift needs a VirtualService whose route goes to a service with more than one version: subsets of a
        DestinationRule, or several services.
      </EmptyState>
    );
  }
  return (
    <fieldset className="mw-targets">
      <legend className="mw-sr">Route to shift</legend>
      {shown.map((target) => {
        const id = targetId(target);
        const key = `${target.namespace}/${target.virtualService ?? ''}/${target.host}/${target.route ?? ''}`;
        const can = id !== undefined && target.reason === null && target.shift === null;
        return (
          <section
            key={key}
            className="mw-panel mw-target"
            data-chosen={(id !== undefined && id === form.target) || undefined}
          >
            <label className="mw-target-head">
              <input
                type="radio"
                name={group}
                className="mw-check"
                disabled={!can}
                checked={id !== undefined && id === form.target}
                // Another route has other versions.
                onChange={() =>
                  change({ target: id ?? '', split: EMPTY_SHIFT.split, locked: [], testers: 'none', mirrorVersion: '' })
                }
              />
              <span>
                <strong>{target.host === '' ? (target.virtualService ?? 'a route') : target.host}</strong>{' '}
                <span className="mw-row-context">
                  {target.virtualService === null
                    ? 'no VirtualService'
                    : `VirtualService ${target.namespace}/${target.virtualService}, route ${target.routeName ?? target.route}`}
                </span>
              </span>
            </label>
            <TargetFacts target={target} />
            <VersionTable target={target} />
          </section>
        );
      })}
    </fieldset>
  );
}

function TargetFacts(props: { readonly target: ShiftTarget }) {
  const { managedBy, matches, patches, reason, shift } = props.target;
  return (
    <div className="mw-target-facts">
      {matches.length > 0 && (
        <p className="mw-dim">
          Matches {matches.slice(0, 3).join('; or ')}
          {matches.length > 3 && ` and ${matches.length - 3} more`}
        </p>
      )}
      {reason !== null ? (
        <Note tone="degraded">Cannot be shifted: {reason}.</Note>
      ) : shift !== null ? (
        <Note tone="degraded">Cannot be shifted: the shift {shift} is at work on it.</Note>
      ) : (
        managedBy !== null && (
          <p className="mw-dim">
            Managed by <strong>{managedBy}</strong>. A shift patches <code>{patches[0]}</code>
            {patches.length > 1 && (
              <>
                {' '}
                to <code>{patches.at(-1)}</code>
              </>
            )}{' '}
            and nothing else.
          </p>
        )
      )}
    </div>
  );
}
