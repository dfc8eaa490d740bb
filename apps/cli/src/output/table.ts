import { stripVTControlCharacters } from 'node:util';
import { type Paint, type Tone, toneOf } from './tone.ts';

/** Text, or text with a tone of its own; null is shown as `-`: unknown is never left blank. */
export type Cell = string | number | null | { readonly text: string; readonly tone: Tone };

const GAP = '   ';

/** Columns under capital headings, as kubectl prints them. Control characters in a cell are taken out: names come from outside. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string {
  const body = rows.map((row) => headings.map((_, column) => cellOf(row[column] ?? null)));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...body.map((row) => row[column]?.text.length ?? 0)),
  );
  const line = (cells: readonly { text: string; tone: Tone }[]) =>
    cells
      .map(({ text, tone }, column) => {
        const last = column === cells.length - 1;
        return paint(text, tone) + (last ? '' : ' '.repeat((widths[column] ?? 0) - text.length) + GAP);
      })
      .join('')
      .trimEnd();
  const head = line(headings.map((text) => ({ text, tone: 'head' as const })));
  return `${[head, ...body.map(line)].join('\n')}\n`;
}

function cellOf(cell: Cell): { text: string; tone: Tone } {
  if (cell === null || cell === '') return { text: '-', tone: 'quiet' };
  if (typeof cell === 'object') return { text: clean(cell.text), tone: cell.tone };
  const text = clean(String(cell));
  return { text, tone: toneOf(text) };
}

/** One line without escape sequences: what is printed must not move the cursor or end the row. */
export function clean(text: string): string {
  const oneLine = stripVTControlCharacters(text).replace(/\s*[\r\n]+\s*/g, ' ');
  return oneLine.replace(/\p{Cc}/gu, (character) => (character === '\t' ? ' ' : ''));
}
