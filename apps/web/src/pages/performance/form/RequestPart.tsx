import { isSecretHeader } from '@meshwise/load';
import type { HeaderRow } from '../../../logic/performance/plan-form.ts';
import { Icon } from '../../../ui/icons.tsx';
import { FieldNote, type FormPart, TextInput } from './Field.tsx';

const METHODS_ID = 'mw-methods';

export function RequestPart(props: { readonly part: FormPart }) {
  const { part } = props;
  return (
    <>
      <TextInput part={part} field="method" label="Method" placeholder="GET, with a body POST" list={METHODS_ID} />
      <datalist id={METHODS_ID}>
        {['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => (
          <option key={method} value={method} />
        ))}
      </datalist>
      <TextInput part={part} field="path" label="Path" placeholder="as in the target" />
      <Headers part={part} />
      <TextInput part={part} field="body" label="Body" lines={3} wide />
    </>
  );
}

function Headers(props: { readonly part: FormPart }) {
  const { part } = props;
  const { headers } = part.form;
  const set = (index: number, row: Partial<HeaderRow>) =>
    part.change({ headers: headers.map((header, other) => (other === index ? { ...header, ...row } : header)) });
  const secret = headers.some(({ name }) => isSecretHeader(name));
  return (
    <fieldset className="mw-field mw-rows" data-wide data-field="headers">
      <legend>Headers</legend>
      {headers.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header is its place
        <div key={index} className="mw-header-row">
          <span className="mw-input">
            <input
              type="text"
              aria-label={`Header ${index + 1}: name`}
              value={header.name}
              placeholder="name"
              autoComplete="off"
              onChange={(event) => set(index, { name: event.target.value })}
            />
          </span>
          <span className="mw-input">
            <input
              type={isSecretHeader(header.name) ? 'password' : 'text'}
              aria-label={`Header ${index + 1}: value`}
              value={header.value}
              placeholder="value"
              autoComplete="off"
              onChange={(event) => set(index, { value: event.target.value })}
            />
          </span>
          <button
            type="button"
            className="mw-icon-button"
            aria-label={`Remove header ${index + 1}`}
            onClick={() => part.change({ headers: headers.filter((_, other) => other !== index) })}
          >
            <Icon name="cross" size={14} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="mw-quiet"
        onClick={() => part.change({ headers: [...headers, { name: '', value: '' }] })}
      >
        Add a header
      </button>
      <FieldNote
        problem={part.problems.headers}
        hint={secret ? 'A value that looks secret is not written into the address of this page.' : undefined}
      />
    </fieldset>
  );
}
