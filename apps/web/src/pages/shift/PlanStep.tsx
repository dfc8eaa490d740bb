import type { ReadShift } from '../../logic/shift/to-draft.ts';
import { RadioInput } from '../performance/form/Field.tsx';
import { Section } from '../performance/form/Section.tsx';
import { Panel } from '../performance/Panel.tsx';
import { ShiftText } from './Fields.tsx';
import { PlanTable } from './PlanTable.tsx';
import type { StepProps } from './SplitStep.tsx';

const LADDERS = ['1, 5, 25, 50, 100', '10, 50, 100', '50, 100'] as const;

/** At once, or in steps that each have to show something before the next. */
export function PlanStep(props: StepProps & { readonly read: ReadShift }) {
  const { form, change, read } = props;
  const part = { form, change, problems: read.problems };
  return (
    <>
      <Section title="When">
        <RadioInput
          legend="How"
          value={form.when}
          choices={[
            { value: 'steps', label: 'In steps' },
            { value: 'now', label: 'All of it now' },
          ]}
          onChange={(when) => change({ when })}
        />
        {form.when === 'steps' && (
          <>
            <div className="mw-field" data-wide>
              <div className="mw-ladders">
                {LADDERS.map((ladder) => (
                  <button
                    key={ladder}
                    type="button"
                    className="mw-toggle"
                    aria-pressed={form.ladder === ladder}
                    onClick={() => change({ ladder })}
                  >
                    {ladder.replaceAll(', ', ' / ')}
                  </button>
                ))}
              </div>
            </div>
            <ShiftText
              part={part}
              field="ladder"
              label="Of the way, step by step"
              unit="%"
              hint="From the weights now to the split you chose"
            />
            <ShiftText
              part={part}
              field="hold"
              label="Hold each step at least"
              placeholder="not at all"
              hint="30s, 5m, 1m30s"
            />
          </>
        )}
      </Section>
      {form.when === 'steps' && (
        <Section
          title="Gate"
          note="What each version that gains traffic must show in every step, measured by Envoy at its callers from two seconds after the weights were set."
        >
          <ShiftText part={part} field="success" label="Success at least" unit="%" placeholder="not judged" />
          <ShiftText part={part} field="p99" label="p99 at most" placeholder="not judged" hint="250ms, 1.5s" />
          <ShiftText
            part={part}
            field="minRequests"
            label="Out of at least"
            unit="requests"
            placeholder="1"
            hint="With fewer the gate waits"
          />
          <ShiftText
            part={part}
            field="dataTimeout"
            label="Wait for them no longer than"
            placeholder="for ever"
            hint="After the hold; then it counts as failed"
          />
          <RadioInput
            legend="When the gate fails"
            value={form.onFailure}
            choices={[
              { value: 'Restore', label: 'Restore the weights before' },
              { value: 'Pause', label: 'Stay and wait for a person' },
            ]}
            onChange={(onFailure) => change({ onFailure })}
            hint="As soon as it has its requests, without waiting for the end of the hold."
          />
        </Section>
      )}
      <Panel title="Steps">
        <PlanTable spec={read.draft.spec} />
      </Panel>
    </>
  );
}
