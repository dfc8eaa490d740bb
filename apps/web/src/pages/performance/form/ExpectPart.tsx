import { type FormPart, TextInput } from './Field.tsx';

export function ExpectPart(props: { readonly part: FormPart }) {
  const { part } = props;
  return (
    <>
      <TextInput part={part} field="p50" label="p50 at most" placeholder="5ms" />
      <TextInput part={part} field="p99" label="p99 at most" placeholder="50ms" />
      <TextInput part={part} field="errors" label="Errors at most" placeholder="1" unit="%" />
      <TextInput part={part} field="achieved" label="Achieved at least" placeholder="99" unit="% of the rate" />
    </>
  );
}
