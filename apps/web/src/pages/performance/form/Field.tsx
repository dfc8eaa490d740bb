import { type ReactNode, useId } from 'react';
import type { FieldProblems } from '../../../logic/performance/form-request.ts';
import type { PlanField, PlanForm } from '../../../logic/performance/plan-form.ts';
import type { ChangeForm } from './use-plan-form.ts';

/** What every part of the form needs. */
export interface FormPart {
  readonly form: PlanForm;
  readonly change: ChangeForm;
  readonly problems: FieldProblems;
}

type TextField = { [Name in PlanField]: PlanForm[Name] extends string ? Name : never }[PlanField];
type FlagField = { [Name in PlanField]: PlanForm[Name] extends boolean ? Name : never }[PlanField];

interface TextProps {
  readonly part: FormPart;
  readonly field: TextField;
  readonly label: string;
  /** The default, shown where nothing is typed. */
  readonly placeholder?: string;
  readonly unit?: string;
  readonly hint?: ReactNode;
  readonly list?: string;
  readonly wide?: boolean;
  readonly lines?: number;
}

/** A label, its field, its unit, and under them the hint or what is wrong. */
export function TextInput(props: TextProps) {
  const { part, field, label, placeholder, unit, hint, list, wide = false, lines } = props;
  const id = useId();
  const problem = part.problems[field];
  const shared = {
    id,
    value: part.form[field],
    placeholder,
    'aria-invalid': problem !== undefined || undefined,
    'aria-describedby': problem === undefined && hint === undefined ? undefined : `${id}-note`,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { readonly target: { readonly value: string } }) =>
      part.change({ [field]: event.target.value } as Partial<PlanForm>),
  };
  return (
    <div className="mw-field" data-wide={wide || undefined} data-field={field}>
      <label htmlFor={id}>{label}</label>
      {lines === undefined ? (
        <span className="mw-input">
          <input type="text" autoCapitalize="none" list={list} {...shared} />
          {unit !== undefined && <span className="mw-unit">{unit}</span>}
        </span>
      ) : (
        <textarea className="mw-textarea" rows={lines} {...shared} />
      )}
      <FieldNote id={`${id}-note`} problem={problem} hint={hint} />
    </div>
  );
}

export function FieldNote(props: {
  readonly id?: string;
  readonly problem: string | undefined;
  readonly hint?: ReactNode;
}) {
  const { id, problem, hint } = props;
  if (problem !== undefined) {
    return (
      <p id={id} className="mw-field-problem" role="alert">
        {problem}
      </p>
    );
  }
  return hint === undefined ? null : (
    <p id={id} className="mw-field-hint">
      {hint}
    </p>
  );
}

export function CheckInput(props: {
  readonly part: FormPart;
  readonly field: FlagField;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** Ticked when the field is false: `Do not verify`. */
  readonly inverted?: boolean;
}) {
  const { part, field, label, hint, inverted = false } = props;
  const id = useId();
  return (
    <div className="mw-field mw-field-check" data-wide data-field={field}>
      <label>
        <input
          type="checkbox"
          className="mw-check"
          checked={part.form[field] !== inverted}
          aria-describedby={hint === undefined ? undefined : `${id}-note`}
          onChange={(event) => part.change({ [field]: event.target.checked !== inverted } as Partial<PlanForm>)}
        />
        {label}
      </label>
      <FieldNote id={`${id}-note`} problem={part.problems[field]} hint={hint} />
    </div>
  );
}

interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One of a few, all of them visible. */
export function RadioInput<Value extends string>(props: {
  readonly legend: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
  readonly hint?: ReactNode;
}) {
  const name = useId();
  return (
    <fieldset className="mw-field mw-radio" data-wide>
      <legend>{props.legend}</legend>
      <div className="mw-radio-choices">
        {props.choices.map(({ value, label }) => (
          <label key={value}>
            <input type="radio" name={name} checked={props.value === value} onChange={() => props.onChange(value)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <FieldNote problem={undefined} hint={props.hint} />
    </fieldset>
  );
}
