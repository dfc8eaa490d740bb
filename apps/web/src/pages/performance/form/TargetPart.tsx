import { useId } from 'react';
import { useLive } from '../../../data/status-context.tsx';
import { isUrl, serviceOf, targetChoices } from '../../../logic/performance/target.ts';
import { CheckInput, type FormPart, RadioInput, TextInput } from './Field.tsx';

/** A service of the mesh from the list, or any URL; one field for both, as on the command line. */
export function TargetPart(props: { readonly part: FormPart }) {
  const { part } = props;
  const { form, change } = part;
  const { status } = useLive();
  const list = useId();
  const choices = status === undefined ? [] : targetChoices(status);
  const byDefault = isUrl(form.target) ? 'outside' : 'inside';
  return (
    <>
      <div className="mw-field" data-wide>
        <label htmlFor={`${list}-pick`}>Service of this mesh</label>
        <select
          id={`${list}-pick`}
          className="mw-select"
          value={serviceOf(form.target, choices)?.target ?? ''}
          onChange={(event) => change({ target: event.target.value })}
        >
          <option value="">{choices.length === 0 ? 'No service speaks HTTP' : 'Choose, or type below'}</option>
          {choices.map(({ target, label }) => (
            <option key={target} value={target}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <TextInput
        part={part}
        field="target"
        label="Target"
        wide
        placeholder="http://127.0.0.1:8080/productpage"
        hint="service.namespace:port/path, or a URL"
      />
      <RadioInput
        legend="Requests come from"
        value={form.from === '' ? byDefault : form.from}
        choices={[
          { value: 'inside', label: 'Inside the mesh, as a workload' },
          { value: 'outside', label: 'Outside, from this machine' },
        ]}
        onChange={(from) => change({ from: from === byDefault ? '' : from })}
      />
      <TextInput part={part} field="name" label="Name" wide placeholder="made from the target" />
      {(isUrl(form.target) || form.yes) && (
        <CheckInput
          part={part}
          field="yes"
          label="I may put load on this address"
          hint="Needed when it is neither this machine nor this mesh. Ask its owner first."
        />
      )}
    </>
  );
}
