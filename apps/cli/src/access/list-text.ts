import type { AccessView } from '@meshwise/api';
import { clean } from '../output/table.ts';
import type { Paint } from '../output/tone.ts';
import { MARKS, rulesText } from './mark.ts';

/** Server by server who may come, with the reason: for narrow terminals, and for questions about few. */
export function listText({ clients, servers, summaries }: AccessView, paint: Paint): string {
  const blocks = servers.flatMap((server) =>
    server.ports.map((port) => {
      const head = `${server.namespace}/${server.name}:${port.port}`;
      const lines = clients.map(({ name }, client) => {
        const { verdict, reason, by } = summaries[port.cells[client] ?? -1] ?? {
          verdict: 'refused',
          reason: '',
          by: [],
        };
        const { text, tone } = MARKS[verdict];
        const source = by.length === 0 ? '' : ` (${rulesText(by)})`;
        return `  ${paint(text, tone)}${' '.repeat(8 - text.length)}${clean(name)}: ${clean(reason + source)}\n`;
      });
      return `${paint(clean(head), 'head')}  mutual TLS ${port.mutualTls}\n${lines.join('')}`;
    }),
  );
  return blocks.join('\n');
}
