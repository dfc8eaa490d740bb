import { FIRST_STAGES, type StageRow } from '../../../logic/performance/plan-form.ts';
import { Icon } from '../../../ui/icons.tsx';
import { FieldNote, type FormPart, RadioInput, TextInput } from './Field.tsx';

const PACES = [
  { value: 'rate', label: 'Constant rate' },
  { value: 'stages', label: 'Ramps and stages' },
  { value: 'closed', label: 'As fast as answered' },
] as const;

const PACE_HINT = {
  rate: 'Open loop: requests are due at this rate, whatever becomes of those before. What users do.',
  stages: 'Open loop: the rate goes evenly from one figure to the other in each stage.',
  closed:
    'Closed loop: each connection sends its next request when the last is answered. Finds the ceiling, hides stalls.',
} as const;

export function LoadPart(props: { readonly part: FormPart }) {
  const { part } = props;
  const { form, change } = part;
  return (
    <>
      <RadioInput
        legend="Pace"
        value={form.pace}
        choices={PACES}
        onChange={(pace) => change({ pace })}
        hint={PACE_HINT[form.pace]}
      />
      {form.pace === 'rate' && <TextInput part={part} field="rps" label="Rate" unit="requests / s" />}
      {form.pace === 'closed' && (
        <TextInput part={part} field="cap" label="No faster than" placeholder="no cap" unit="requests / s" />
      )}
      {form.pace === 'stages' ? (
        <Stages part={part} />
      ) : (
        <TextInput part={part} field="duration" label="Duration" hint="30s, 5m, 1m30s" />
      )}
      <TextInput part={part} field="warmUp" label="Warm-up" placeholder="default" hint="Before it; not in the result" />
      <TextInput part={part} field="connections" label="Connections" placeholder="default" unit="in all" />
      <RadioInput
        legend="Protocol"
        value={form.protocol}
        choices={[
          { value: 'http1', label: 'HTTP/1.1' },
          { value: 'http2', label: 'HTTP/2' },
          { value: 'grpc', label: 'gRPC' },
        ]}
        onChange={(protocol) => change({ protocol })}
      />
    </>
  );
}

function Stages(props: { readonly part: FormPart }) {
  const { part } = props;
  const { stages } = part.form;
  const set = (index: number, row: Partial<StageRow>) =>
    part.change({ stages: stages.map((stage, other) => (other === index ? { ...stage, ...row } : stage)) });
  const last = stages.at(-1);
  return (
    <fieldset className="mw-field mw-rows" data-wide data-field="stages">
      <legend>Stages</legend>
      {stages.map((stage, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stage is its place
        <div key={index} className="mw-stage">
          <Cell
            label={`Stage ${index + 1}: from, requests per second`}
            value={stage.from}
            onChange={(from) => set(index, { from })}
          />
          <span aria-hidden="true">→</span>
          <Cell
            label={`Stage ${index + 1}: to, requests per second`}
            value={stage.to}
            onChange={(to) => set(index, { to })}
          />
          <span className="mw-dim">rps in</span>
          <Cell
            label={`Stage ${index + 1}: time`}
            value={stage.duration}
            onChange={(duration) => set(index, { duration })}
          />
          <button
            type="button"
            className="mw-icon-button"
            aria-label={`Remove stage ${index + 1}`}
            disabled={stages.length === 1}
            onClick={() => part.change({ stages: stages.filter((_, other) => other !== index) })}
          >
            <Icon name="cross" size={14} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="mw-quiet"
        onClick={() =>
          part.change({
            stages: last === undefined ? FIRST_STAGES : [...stages, { from: last.to, to: last.to, duration: '30s' }],
          })
        }
      >
        Add a stage
      </button>
      <FieldNote problem={part.problems.stages} />
    </fieldset>
  );
}

function Cell(props: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  return (
    <span className="mw-input">
      <input
        type="text"
        aria-label={props.label}
        value={props.value}
        autoComplete="off"
        onChange={(event) => props.onChange(event.target.value)}
      />
    </span>
  );
}
