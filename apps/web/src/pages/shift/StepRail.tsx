import type { ShiftView } from '@meshwise/api';
import { isOver, splitWords } from '../../logic/shift/words.ts';

/** All steps with where the shift is. */
export function StepRail(props: { readonly shift: ShiftView }) {
  const { shift } = props;
  const { spec, step, heldMs, phase, before } = shift;
  const over = isOver(shift);
  const promoted = phase === 'Promoted';
  const back = phase === 'Aborted' || phase === 'RolledBack';
  return (
    <ol className="mw-rail" aria-label="Steps of the plan">
      <li data-state={back ? 'current' : 'done'}>
        <span className="mw-rail-name">Before</span>
        <span>{before === null ? 'not known yet' : splitWords(before)}</span>
        {back && <span className="mw-rail-note">back here</span>}
      </li>
      {spec.steps.map((one, index) => {
        const isCurrent = index === step && !over;
        const state = isCurrent ? 'current' : promoted || index < step ? 'done' : 'to come';
        const shown = back && index >= step ? 'to come' : state;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <li key={index} data-state={shown} aria-current={isCurrent ? 'step' : undefined}>
            <span className="mw-rail-name">
              Step {index + 1}
              <span className="mw-sr">, {shown}</span>
            </span>
            <span>{splitWords(one.weights)}</span>
            <span className="mw-rail-note">
              {isCurrent && one.hold !== undefined
                ? `held ${Math.round(heldMs / 1_000)} s of ${one.hold}`
                : one.hold === undefined
                  ? 'no hold'
                  : `hold ${one.hold}`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
