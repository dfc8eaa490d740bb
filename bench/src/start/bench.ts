import { LocalMesh } from '../mesh/local-mesh.ts';
import { spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult } from '../report/result.ts';

interface Run {
  readonly firstMs: number;
  readonly secondMs: number;
  readonly commandMs: number;
  readonly commandReturnedMs: number;
}

export const start: Bench = {
  name: 'start',
  description: 'from the start of the daemon to the first 200 of BookInfo through the gateway',
  run,
};

async function run({ small, log }: BenchOptions): Promise<BenchResult> {
  const runs: Run[] = [];
  for (let index = 0; index < (small ? 1 : 5); index += 1) {
    log(`run ${index + 1}`);
    runs.push({ ...(await measureDaemon()), ...(await measureCommand()) });
  }
  const row = (what: string, of: (one: Run) => number) => [what, spread(runs.map((one) => of(one) / 1_000))];
  return {
    tables: [
      {
        title: `Seconds to the first 200 of /productpage: median (least–most) of ${runs.length} runs`,
        columns: ['start', 'seconds'],
        rows: [
          row('daemon, empty state directory', ({ firstMs }) => firstMs),
          row('daemon, state of the start before', ({ secondMs }) => secondMs),
          row('`meshwise up --detach`, empty state directory', ({ commandMs }) => commandMs),
          row('… until the command returned', ({ commandReturnedMs }) => commandReturnedMs),
        ],
      },
    ],
    notes: ['Envoy and the npm packages are there already. The page is asked for every 20 ms from the start on.'],
    details: runs,
  };
}

async function measureDaemon(): Promise<Pick<Run, 'firstMs' | 'secondMs'>> {
  const mesh = await LocalMesh.create();
  try {
    const firstMs = await mesh.startDaemon();
    await mesh.stop();
    return { firstMs, secondMs: await mesh.startDaemon() };
  } finally {
    await mesh.remove();
  }
}

async function measureCommand(): Promise<Pick<Run, 'commandMs' | 'commandReturnedMs'>> {
  const mesh = await LocalMesh.create();
  try {
    const { answeredMs, returnedMs } = await mesh.startByCommand();
    return { commandMs: answeredMs, commandReturnedMs: returnedMs };
  } finally {
    await mesh.remove();
  }
}
