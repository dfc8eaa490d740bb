import { type ReactNode, useId } from 'react';

export function Section(props: { readonly title: string; readonly note?: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="mw-panel mw-form-section" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.note !== undefined && <p className="mw-perf-note">{props.note}</p>}
      <div className="mw-fields">{props.children}</div>
    </section>
  );
}
