import type { ShiftView } from '@meshwise/api';
import type { ShiftAction } from '../../data/shift-api.ts';
import { useShiftAction } from '../../data/shift-queries.ts';
import { shellWord } from '../../logic/cli.ts';
import { FailureError } from '../../logic/failure.ts';
import { isOver, splitWords } from '../../logic/shift/words.ts';
import { CommandTwin } from '../../ui/CopyButton.tsx';

interface Offer {
  readonly action: ShiftAction;
  readonly label: string;
  /** What happens then, said before one decides. */
  readonly effect: string;
  readonly tone: 'mw-button' | 'mw-quiet' | 'mw-danger';
}

/** What a person can do now, each with what it does. */
export function ShiftButtons(props: { readonly shift: ShiftView }) {
  const { shift } = props;
  const act = useShiftAction(shift.namespace, shift.name);
  const failure = act.error === null ? undefined : FailureError.from(act.error).failure;
  const offers = offersOf(shift);
  if (offers.length === 0) return null;
  return (
    <div className="mw-shift-actions">
      {offers.map(({ action, label, effect, tone }) => (
        <button
          key={action}
          type="button"
          className={tone}
          title={effect}
          disabled={act.isPending}
          onClick={() => act.mutate(action)}
        >
          {label}
        </button>
      ))}
      <details className="mw-shift-effects">
        <summary>What they do</summary>
        <dl>
          {offers.map(({ action, label, effect }) => (
            <div key={action}>
              <dt>{label}</dt>
              <dd>
                {effect}
                <CommandTwin
                  command={`meshwise shift ${action} ${shellWord(shift.name)} -n ${shellWord(shift.namespace)}`}
                />
              </dd>
            </div>
          ))}
        </dl>
      </details>
      {failure !== undefined && (
        <span role="alert" className="mw-field-problem">
          {failure.message}
        </span>
      )}
    </div>
  );
}

function offersOf(shift: ShiftView): Offer[] {
  const { phase, before, spec } = shift;
  const back = before === null ? 'the weights before' : splitWords(before);
  if (phase === 'Promoted') {
    return [{ action: 'abort', label: 'Roll back', effect: `Sets ${back}, as before the shift.`, tone: 'mw-danger' }];
  }
  if (isOver(shift)) return [];
  const last = splitWords(spec.steps.at(-1)?.weights ?? {});
  const pause: Offer =
    spec.paused === true
      ? {
          action: 'resume',
          label: 'Resume',
          effect: 'Goes on with this step; its window begins anew.',
          tone: 'mw-button',
        }
      : {
          action: 'pause',
          label: 'Pause',
          effect: 'Keeps these weights; nothing happens by itself, neither forward nor back.',
          tone: 'mw-quiet',
        };
  return [
    { action: 'promote', label: 'Promote', effect: `Sets ${last} now, whatever the gates say.`, tone: 'mw-quiet' },
    pause,
    { action: 'abort', label: 'Abort', effect: `Sets ${back} again, and ends the shift.`, tone: 'mw-danger' },
  ];
}
