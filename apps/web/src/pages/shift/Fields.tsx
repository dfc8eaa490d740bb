import { type ReactNode, useId } from 'react';
import type { ShiftForm } from '../../logic/shift/form.ts';
import type { ShiftProblems } from '../../logic/shift/to-draft.ts';
import { FieldNote } from '../performance/form/Field.tsx';
import type { ChangeShift } from './use-shift-form.ts';

type TextField = { [Name in keyof ShiftForm]: ShiftForm[Name] extends string ? Name : never }[keyof ShiftForm];

interface Part {
  readonly form: ShiftForm;
  readonly change: ChangeShift;
  readonly problems: ShiftProblems;
}

export function ShiftText(props: {
  readonly part: Part;
  readonly field: TextField;
  readonly label: string;
  readonly placeholder?: string;
  readonly unit?: string;
  readonly hint?: ReactNode;
  readonly wide?: boolean;
}) {
  const { part, field, label, placeholder, unit, hint, wide = false } = props;
  const id = useId();
  const problem = part.problems[field];
  return (
    <div className="mw-field" data-wide={wide || undefined}>
      <label htmlFor={id}>{label}</label>
      <span className="mw-input">
        <input
          id={id}
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={part.form[field]}
          placeholder={placeholder}
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={problem === undefined && hint === undefined ? undefined : `${id}-note`}
          onChange={(event) => part.change({ [field]: event.target.value } as Partial<ShiftForm>)}
        />
        {unit !== undefined && <span className="mw-unit">{unit}</span>}
      </span>
      <FieldNote id={`${id}-note`} problem={problem} hint={hint} />
    </div>
  );
}

export function VersionSelect(props: {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly nothing: string;
  readonly problem: string | undefined;
  readonly onChange: (name: string) => void;
}) {
  const { label, names, value, nothing, problem, onChange } = props;
  const id = useId();
  return (
    <div className="mw-field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="mw-select" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{nothing}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <FieldNote id={`${id}-note`} problem={problem} />
    </div>
  );
}
