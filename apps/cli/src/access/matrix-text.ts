import type { AccessView } from '@meshwise/api';
import { type Cell, table } from '../output/table.ts';
import type { Paint } from '../output/tone.ts';
import { listText } from './list-text.ts';
import { MARKS, rulesText } from './mark.ts';

/** Clients down, servers across, and below what the cells mean; as a list where the terminal is too narrow for it. */
export function matrixText(view: AccessView, paint: Paint, columns = Number.POSITIVE_INFINITY): string {
  const places = view.servers.flatMap((server) =>
    server.ports.map((port) => ({ heading: `${server.namespace}/${server.name}:${port.port}`, cells: port.cells })),
  );
  const numbers = numbersOf(view);
  const rows = view.clients.map(({ name }, client): Cell[] => [
    name,
    ...places.map(({ cells }): Cell => {
      const index = cells[client] ?? -1;
      const { verdict } = view.summaries[index] ?? { verdict: 'refused' as const };
      const { text, tone } = MARKS[verdict];
      return { text: verdict === 'some' ? `${text} ${numbers.get(index)}` : text, tone };
    }),
  ]);
  const text = table(['FROM', ...places.map(({ heading }) => heading)], rows, (plain) => plain);
  const width = Math.max(...text.split('\n').map((line) => line.length));
  if (width > columns) return listText(view, paint);
  const painted = table(['FROM', ...places.map(({ heading }) => heading)], rows, paint);
  return `${painted}\n${legend(paint)}${conditionsText(view, numbers)}`;
}

/** What is true of some requests only has a number. */
function numbersOf({ summaries }: AccessView): ReadonlyMap<number, number> {
  const conditional = summaries.flatMap(({ verdict }, index) => (verdict === 'some' ? [index] : []));
  return new Map(conditional.map((index, number) => [index, number + 1]));
}

function legend(paint: Paint): string {
  const parts = [
    [MARKS.allowed, 'every request'],
    [MARKS.refused, 'none'],
    [MARKS.some, 'what the condition of that number says'],
  ] as const;
  return `${parts.map(([{ text, tone }, words]) => `${paint(text, tone)}: ${words}`).join('   ')}\n`;
}

function conditionsText({ summaries }: AccessView, numbers: ReadonlyMap<number, number>): string {
  const lines = [...numbers].map(([index, number]) => {
    const { reason = '', by = [] } = summaries[index] ?? {};
    return `  ${number}  ${reason} (${rulesText(by)})\n`;
  });
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}
