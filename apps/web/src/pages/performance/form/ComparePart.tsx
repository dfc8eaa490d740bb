import { CheckInput, type FormPart, TextInput } from './Field.tsx';

export function ComparePart(props: { readonly part: FormPart }) {
  const { part } = props;
  return (
    <>
      <CheckInput
        part={part}
        field="compare"
        label="Compare with and without sidecars"
        hint="The same requests by each way, in blocks of random order, until the difference has an interval. The mesh itself is not changed."
      />
      {part.form.compare && (
        <>
          <TextInput part={part} field="rounds" label="Rounds" placeholder="default" hint="Of one block by each way" />
          <TextInput part={part} field="block" label="Block" placeholder="default" hint="10s; each is measured alone" />
        </>
      )}
    </>
  );
}
