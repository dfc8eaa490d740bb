import type { ShiftReview } from '@meshwise/api';
import { useState } from 'react';
import { diffLines } from '../../logic/shift/line-diff.ts';
import { Scroll } from '../../ui/Scroll.tsx';
import { Panel } from '../performance/Panel.tsx';

/** The VirtualService as it is and as it will be, beside each other. */
export function YamlDiff(props: { readonly review: ShiftReview }) {
  const { before, first, last, spec } = props.review;
  const [end, setEnd] = useState(false);
  if (before === null || first === null || last === null) return null;
  const lines = diffLines(before, end ? last : first);
  const changed = lines.filter(({ kind }) => kind !== 'same').length;
  return (
    <Panel title={`VirtualService ${spec?.targetRef.name ?? ''}`}>
      <div className="mw-ladders">
        <button type="button" className="mw-toggle" aria-pressed={!end} onClick={() => setEnd(false)}>
          With the first step
        </button>
        <button type="button" className="mw-toggle" aria-pressed={end} onClick={() => setEnd(true)}>
          At the end
        </button>
        <span className="mw-dim">{changed} lines differ</span>
      </div>
      <Scroll label="VirtualService now and then" tall>
        <table className="mw-yaml-diff" aria-label="VirtualService, line by line">
          <thead>
            <tr>
              <th scope="col">Now</th>
              <th scope="col">{end ? 'At the end' : 'With the first step'}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
              <tr key={index} data-kind={line.kind}>
                <td>
                  <Line text={line.before} sign={line.kind === 'changed' ? '−' : ' '} said="removed: " />
                </td>
                <td>
                  <Line text={line.after} sign={line.kind === 'changed' ? '+' : ' '} said="added: " />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

/** A sign as well as a colour, and a word for those who see neither. */
function Line(props: { readonly text: string | undefined; readonly sign: '−' | '+' | ' '; readonly said: string }) {
  const { text, sign, said } = props;
  if (text === undefined) return null;
  return (
    <code data-sign={sign.trim() || undefined}>
      {sign !== ' ' && <span className="mw-sr">{said}</span>}
      <span aria-hidden="true">{sign} </span>
      {text}
    </code>
  );
}
