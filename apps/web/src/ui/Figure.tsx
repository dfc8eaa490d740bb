import { VisuallyHidden } from '@mantine/core';
import { NOT_MEASURED } from '../logic/format.ts';

/** A number. Where there is none: a dash, dashed and grey, with the reason why. */
export function Figure(props: { readonly text: string; readonly missing: string; readonly alarming?: boolean }) {
  const { text, missing, alarming = false } = props;
  if (text === NOT_MEASURED) {
    return (
      <span className="mw-missing" title={missing}>
        <span aria-hidden="true">{NOT_MEASURED}</span>
        <VisuallyHidden>unknown: {missing}</VisuallyHidden>
      </span>
    );
  }
  return (
    <span className="mw-num" data-alarming={alarming || undefined}>
      {text}
    </span>
  );
}

/** `1/2`: how many there are of how many there should be. */
export function Ratio(props: { readonly ready: number; readonly total: number }) {
  const { ready, total } = props;
  return (
    <span className="mw-num" data-alarming={ready < total || undefined}>
      {ready}
      <span className="mw-of">/{total}</span>
    </span>
  );
}
