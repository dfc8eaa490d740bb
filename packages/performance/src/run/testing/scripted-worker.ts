import { createInterface } from 'node:readline';
import type { FromWorker, Shard, ToWorker } from '@meshwise/load';
import { intervalOf } from './intervals.ts';

/** What a worker that only pretends does with a run: it measures one second each `everyMs`. */
export interface Script {
  readonly seconds: number;
  readonly everyMs: number;
  readonly responseMs?: number;
  /** It ends with this code before this second, in every run or in the one of this number (from 1). */
  readonly dies?: { readonly second: number; readonly code: number; readonly run?: number };
}

const script = JSON.parse(process.argv[2] ?? '') as Script;
let shard: Shard | undefined;
let runs = 0;
let timer: NodeJS.Timeout | undefined;

function say(message: FromWorker): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function finish(): void {
  clearInterval(timer);
  timer = undefined;
  say({ type: 'done' });
}

function measure(worker: number): void {
  const { seconds, everyMs, responseMs = 2, dies } = script;
  let second = 0;
  timer = setInterval(() => {
    if (dies?.second === second && (dies.run ?? runs) === runs) process.exit(dies.code);
    if (second === seconds) return finish();
    say({ type: 'interval', interval: intervalOf({ worker, second, responseMs }) });
    second += 1;
  }, everyMs);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const message = JSON.parse(line) as ToWorker;
    if (message.type === 'run') {
      shard = message.shard;
      runs += 1;
      say({ type: 'ready', clockResolutionNs: 50 });
    }
    if (message.type === 'start') measure(shard?.index ?? 0);
    if (message.type === 'stop' && timer !== undefined) finish();
  })
  .on('close', () => process.exit(0));
