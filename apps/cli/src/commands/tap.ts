import type { TapEvent } from '@meshwise/api';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { namespaceOf, wholeNumber, withAnyNamespace, withOutput } from '../input/options.ts';
import { clean } from '../output/table.ts';
import type { Paint } from '../output/tone.ts';
import type { Session } from '../session.ts';
import { untilStopped } from '../until-stopped.ts';

interface Options {
  readonly namespace?: string;
  readonly limit?: number;
}

export function tapCommand(session: Session): Command {
  const command = new Command('tap')
    .description('print requests as the proxies see them, one line each, until Ctrl-C')
    .argument('[target]', 'deploy/NAME, pod or proxy; all proxies unless given')
    .option('--limit <count>', 'end after this many requests', wholeNumber(1))
    .action((target: string | undefined, options: Options) => tap(session, target, options));
  return describe(withOutput(withAnyNamespace(command), ['table', 'json', 'ndjson']), {
    daemon: 'needed',
    examples: ['meshwise tap deploy/reviews-v2', 'meshwise tap --limit 100 -o ndjson'],
  });
}

async function tap(session: Session, target: string | undefined, options: Options): Promise<void> {
  const client = await session.connect();
  const query = {
    ...(target === undefined ? {} : { target }),
    ...namespaceOf(options),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  };
  await untilStopped(session.context, async (signal) => {
    if (session.format === 'table') session.note(`Waiting for requests at ${target ?? 'all proxies'} …`);
    for await (const event of client.tap(query, signal)) {
      const line = session.format === 'table' ? eventLine(event, session.paint) : JSON.stringify(event);
      session.context.stdout.write(`${line}\n`);
    }
  });
}

/** `12:00:03.120 default/reviews-v1-x ← GET reviews:9080/reviews/0 200 3.1ms from spiffe://…` */
function eventLine(event: TapEvent, paint: Paint): string {
  const inbound = event.direction === 'inbound';
  const status = event.status === 0 ? 'no response' : String(event.status);
  const tone = event.status === 0 || event.status >= 500 ? 'bad' : event.status >= 400 ? 'warn' : 'good';
  const other = inbound ? event.peer : event.local;
  const end = other === null ? '' : ` ${inbound ? 'from' : 'to'} ${clean(other)}`;
  const what = `${event.method} ${event.authority}${event.path}`;
  const time = event.at.slice(11, 23);
  return `${paint(time, 'quiet')} ${event.proxy} ${inbound ? '←' : '→'} ${clean(what)} ${paint(status, tone)} ${event.durationMs.toFixed(1)}ms${end}`;
}
