import { cpuTimeMs } from '../processes/proc.ts';
import { number, ratio, spread } from '../report/format.ts';
import type { Table } from '../report/result.ts';
import { bootstrap } from '../stats/bootstrap.ts';
import { median } from '../stats/percentile.ts';
import { shuffled } from '../stats/random.ts';
import { commandGenerator } from './command-generator.ts';
import type { Generator, LoadTask, Report } from './generator.ts';
import { grpcServer, http2Server, type RunningServer } from './multiplexed-servers.ts';
import { orNote } from './or-note.ts';
import { ownGenerator } from './own-generator.ts';
import { fortio } from './peers/fortio.ts';
import { h2load } from './peers/h2load.ts';
import { findTool, type ToolName } from './tools.ts';

const CONNECTIONS = 4;
const STREAMS = 8;
/** Its standard client has one connection for all that goes to one place; more is what it does with HTTP/2. */
const FORTIO_H2 = ['-h2', '-r', '0.00001'];
const FORTIO_GRPC = ['-grpc', '-ping', '-s', String(STREAMS), '-r', '0.00001'];

export interface MultiplexedSize {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
}

interface Measured {
  readonly protocol: string;
  readonly generator: string;
  readonly round: number;
  readonly report: Report;
  readonly cores: number;
}

/** HTTP/2 and gRPC as fast as they go: ours and others, per core. */
export async function multiplexedPart(size: MultiplexedSize, random: () => number, log: (text: string) => void) {
  const skipped: string[] = [];
  const find = async (tool: ToolName) => {
    const found = await findTool(tool, log);
    if ('missing' in found) skipped.push(`skipped: ${tool} (${found.missing})`);
    return 'path' in found ? found.path : null;
  };
  const [fortioPath, h2loadPath] = [await find('fortio'), await find('h2load')];
  const http2: Generator[] = [ours('http2')];
  if (h2loadPath !== null) http2.push(commandGenerator(h2load(h2loadPath, STREAMS)));
  if (fortioPath !== null) http2.push(commandGenerator(fortio(fortioPath, 'fortio -h2', FORTIO_H2)));
  const details: Measured[] = [];
  const failed = new Set<string>();
  const measure = async (protocol: string, server: RunningServer | null, generators: readonly Generator[]) => {
    if (server === null) skipped.push(`skipped: ${protocol}, for there is no server for it (run \`npm start\` once)`);
    else details.push(...(await rounds(protocol, server, generators, size, random, log, failed)));
  };
  await measure('HTTP/2', await http2Server(), http2);
  if (fortioPath !== null) {
    const grpc = [ours('grpc'), commandGenerator(fortio(fortioPath, 'fortio -grpc', FORTIO_GRPC))];
    await measure('gRPC', await grpcServer(fortioPath), grpc);
  }
  return { table: table(details, random), notes: [...skipped, ...failed], details };
}

function ours(protocol: 'http2' | 'grpc'): Generator {
  return ownGenerator({ protocol, streamsPerConnection: STREAMS });
}

async function rounds(
  protocol: string,
  server: RunningServer,
  generators: readonly Generator[],
  { rounds: count, warmUpMs, durationMs }: MultiplexedSize,
  random: () => number,
  log: (text: string) => void,
  failed: Set<string>,
): Promise<Measured[]> {
  const results: Measured[] = [];
  try {
    for (let round = 1; round <= count; round += 1) {
      for (const generator of shuffled(generators, random)) {
        log(`${protocol}, round ${round} of ${count}: ${generator.name}`);
        const warmUp = generator.warmsUp ? warmUpMs : 0;
        const total = generator.warmsUp ? durationMs : warmUpMs + durationMs;
        const task = { url: server.url, connections: CONNECTIONS, rps: null, warmUpMs: warmUp, durationMs: total };
        const rates = await orNote(measureRates(generator, task), `${protocol} by ${generator.name}`, failed);
        if (rates !== undefined) results.push({ protocol, generator: generator.name, round, ...rates });
      }
    }
  } finally {
    await server.stop();
  }
  return results;
}

/** The server does not count here, so the rate is what each says of itself; CPU is of the second half of its run. */
async function measureRates(generator: Generator, task: LoadTask) {
  const running = await generator.start(task);
  try {
    const totalMs = task.warmUpMs + task.durationMs;
    await pause(totalMs * 0.5);
    const [beforeMs, fromMs] = [await cpuTimeMs(running.pid), performance.now()];
    await pause(totalMs * 0.4);
    const cores = ((await cpuTimeMs(running.pid)) - beforeMs) / (performance.now() - fromMs);
    return { report: await running.done, cores };
  } finally {
    running.kill();
  }
}

function table(measured: readonly Measured[], random: () => number): Table {
  const byRound = Map.groupBy(measured, ({ protocol, round }) => `${protocol} ${round}`);
  const pairs = new Set(measured.map(({ protocol, generator }) => JSON.stringify([protocol, generator])));
  return {
    title: `Closed loop with HTTP/2 without TLS, ${CONNECTIONS} connections of ${STREAMS} streams: median (least–most)`,
    columns: [
      'protocol',
      'generator',
      'rps',
      'rps per generator CPU s',
      'ours against it, per CPU s',
      'p50 ms',
      'p99 ms',
    ],
    rows: [...pairs].map((pair) => {
      const [protocol, name] = JSON.parse(pair) as [string, string];
      const blocks = [...byRound.values()].filter(([first]) => first?.protocol === protocol);
      const of = (figure: (one: Measured) => number, who = name, drawn: readonly Measured[][] = blocks) =>
        drawn.flatMap((block) => block.filter(({ generator }) => generator === who)).map(figure);
      const against = (drawn: readonly Measured[][]) =>
        median(of(perCpuSecond, 'meshwise', drawn)) / median(of(perCpuSecond, name, drawn));
      return [
        protocol,
        name,
        spread(of(({ report }) => report.rps)),
        spread(of(perCpuSecond)),
        name === 'meshwise' ? '' : ratio(bootstrap(blocks, against, random)),
        number(median(of(({ report }) => report.latency.p50Ms))),
        number(median(of(({ report }) => report.latency.p99Ms))),
      ];
    }),
  };
}

function perCpuSecond({ report, cores }: Measured): number {
  return report.rps / cores;
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
