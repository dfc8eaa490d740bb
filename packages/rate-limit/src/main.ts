import { readFile, rm, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '@meshwise/core';
import { Limiter } from './limiter.ts';
import { parseRules } from './rules.ts';
import { serveRateLimits } from './service.ts';

const POLL_MS = 200;

/**
 * The rate-limit service as a process of its own, since the data path needs it and does not need the daemon:
 * `main.ts --socket PATH --rules FILE`. Rules are read again when the file changes; a file that cannot be read leaves
 * the rules as they were.
 */
const { values } = parseArgs({ options: { socket: { type: 'string' }, rules: { type: 'string' } } });
const { socket, rules } = values;
if (socket === undefined || rules === undefined) {
  process.stderr.write('usage: rate-limit --socket PATH --rules FILE\n');
  process.exit(2);
}
const limiter = new Limiter();
let readAt = '';

async function reload(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  const version = found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`;
  if (version === readAt) return;
  readAt = version;
  if (found === undefined) return;
  try {
    const list = parseRules(await readFile(file, 'utf8'));
    limiter.setRules(list);
    process.stdout.write(`${JSON.stringify({ message: 'rules read', rules: list.length })}\n`);
  } catch (error) {
    process.stderr.write(`${JSON.stringify({ message: 'rules could not be read', reason: String(error) })}\n`);
  }
}

await reload(rules);
await rm(socket, { force: true });
const service = await serveRateLimits({ limiter, clock: systemClock, socketPath: socket });
process.stdout.write(`${JSON.stringify({ message: 'serving', socket })}\n`);

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
while (!stopping.signal.aborted) {
  await systemClock.sleep(POLL_MS, stopping.signal).catch(() => undefined);
  await reload(rules);
}
await service.close();
