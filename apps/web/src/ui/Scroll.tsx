import type { ReactNode } from 'react';

/** What may be wider or taller than its room. Focusable, so that keyboards can scroll it too. */
export function Scroll(props: { readonly label: string; readonly tall?: boolean; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls with the arrow keys (WCAG 2.1.1)
    <section className="mw-scroll" aria-label={`${props.label}, can be scrolled`} tabIndex={0} data-tall={props.tall}>
      {props.children}
    </section>
  );
}
