import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dataPath } from './data-path/bench.ts';
import { endpointChange } from './endpoint-change/bench.ts';
import { functions } from './functions/bench.ts';
import { lean } from './lean/bench.ts';
import { arrivals } from './load-generators/arrivals-bench.ts';
import { generators } from './load-generators/generators-bench.ts';
import { truth } from './load-generators/truth-bench.ts';
import { memory } from './memory/bench.ts';
import { policies } from './policies/bench.ts';
import { markdown } from './report/format.ts';
import { describeMachine, machineLine } from './report/machine.ts';
import type { Bench, BenchResult } from './report/result.ts';
import { scale } from './scale/bench.ts';
import { start } from './start/bench.ts';

const BENCHES: readonly Bench[] = [
  start,
  memory,
  lean,
  dataPath,
  functions,
  endpointChange,
  scale,
  policies,
  generators,
  arrivals,
  truth,
];
const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));
const USAGE = `npm run bench [-- [NAME…] [--small]]\n\n${BENCHES.map(({ name, description }) => `  ${name.padEnd(16)} ${description}`).join('\n')}\n`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { small: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));

if (values.help || unknown.length > 0) {
  const text = unknown.length > 0 ? `no such bench: ${unknown.join(', ')}\n\n${USAGE}` : USAGE;
  process.stderr.write(text);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  for (const bench of BENCHES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    await measure(bench, values.small);
  }
}

async function measure(bench: Bench, small: boolean): Promise<void> {
  const before = describeMachine();
  const log = (text: string) => process.stderr.write(`${bench.name}: ${text}\n`);
  log(bench.description);
  const keep = async (result: BenchResult) => {
    const after = describeMachine();
    const text = textOf(bench, small, result, { before, after });
    await mkdir(RESULTS, { recursive: true });
    const file = { bench: bench.name, small, at: new Date().toISOString(), before, after, ...result };
    await writeFile(`${RESULTS}${bench.name}${small ? '.small' : ''}.json`, `${JSON.stringify(file, null, 1)}\n`);
    await writeFile(`${RESULTS}${bench.name}${small ? '.small' : ''}.md`, `${text}\n`);
    return text;
  };
  const text = await keep(await bench.run({ small, log, keep }));
  process.stdout.write(`${text}\n\n`);
}

type Machine = ReturnType<typeof describeMachine>;

function textOf(
  bench: Bench,
  small: boolean,
  result: BenchResult,
  { before, after }: { readonly before: Machine; readonly after: Machine },
): string {
  return [
    `## ${bench.name}${small ? ' (small: figures mean nothing)' : ''}`,
    `${new Date().toISOString()}. ${machineLine(before)}; load afterwards ${after.load.join(' ')}`,
    ...result.tables.map(markdown),
    ...result.notes.map((note) => `- ${note}`),
  ].join('\n\n');
}
