import type { ShiftTarget } from '@meshwise/api';
import { currentSplit, type ShiftForm, wantedSplit } from '../../logic/shift/form.ts';
import { evenly, sumOf, withWeight } from '../../logic/shift/split.ts';
import type { ShiftProblems } from '../../logic/shift/to-draft.ts';
import { Panel } from '../performance/Panel.tsx';
import { MirrorPart, TestersPart } from './ExtraParts.tsx';
import { Note } from './Note.tsx';
import { SplitRow } from './SplitRow.tsx';
import type { ChangeShift } from './use-shift-form.ts';

export interface StepProps {
  readonly target: ShiftTarget;
  readonly form: ShiftForm;
  readonly change: ChangeShift;
}

/** Where the requests are to go, beside what each version does now. */
export function SplitStep(props: StepProps & { readonly problems: ShiftProblems }) {
  const { target, form, change, problems } = props;
  const split = wantedSplit(target, form);
  const now = currentSplit(target);
  const sum = sumOf(split);
  const set = (name: string, weight: number) => change({ split: withWeight(split, name, weight, form.locked) });
  return (
    <>
      <Panel
        title="Split"
        note="What each version gets at the end. The others share the rest as they did before; a locked one keeps its share."
      >
        <div className="mw-split">
          {target.versions.map((version) => (
            <SplitRow
              key={version.name}
              version={version}
              now={now[version.name] ?? 0}
              weight={split[version.name] ?? 0}
              locked={form.locked.includes(version.name)}
              onWeight={(weight) => set(version.name, weight)}
              onLock={(locked) =>
                change({
                  split,
                  locked: locked ? [...form.locked, version.name] : form.locked.filter((name) => name !== version.name),
                })
              }
            />
          ))}
        </div>
        <div className="mw-split-foot">
          <p aria-live="polite">
            Sum <strong className="mw-num">{sum} %</strong>
          </p>
          <button type="button" className="mw-quiet" onClick={() => change({ split: evenly(split, form.locked) })}>
            Evenly
          </button>
          {target.versions.map(({ name }) => (
            <button
              key={name}
              type="button"
              className="mw-quiet"
              onClick={() => change({ split: withWeight(split, name, 100, []), locked: [] })}
            >
              All to {name}
            </button>
          ))}
          <button type="button" className="mw-quiet" onClick={() => change({ split: {}, locked: [] })}>
            As it is now
          </button>
        </div>
        {problems.split !== undefined && <Note tone="info">{problems.split}</Note>}
      </Panel>
      <TestersPart {...props} />
      <MirrorPart {...props} />
    </>
  );
}
