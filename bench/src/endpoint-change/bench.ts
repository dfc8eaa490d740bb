import { megabytes, number, spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult, Table } from '../report/result.ts';
import { median } from '../stats/percentile.ts';
import { type CellResult, runCell } from './run-cell.ts';
import { goControlPlane, NAIVE, OURS, type ServerKind } from './servers.ts';

/** A re-encoding server takes minutes beyond this. */
const NAIVE_CLIENTS = 300;

const FULL = { services: [10, 100, 1_000], clients: [100, 500, 2_000], changes: 11 };
const SMALL = { services: [10, 50], clients: [20], changes: 3 };

export const endpointChange: Bench = {
  name: 'endpoint-change',
  description: 'from a change of endpoints to the last acknowledgement, and the CPU of the daemon',
  run,
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const size = options.small ? SMALL : FULL;
  const go = await goControlPlane();
  const peers = 'missing' in go ? [] : [go];
  const results: CellResult[] = [];
  const measure = async (servers: readonly ServerKind[], services: number, clients: number) => {
    for (const server of servers) {
      options.log(`${server.name}: ${services} services, ${clients} clients`);
      results.push(await runCell(server, { services, clients }, size.changes));
    }
  };
  for (const services of size.services) {
    for (const clients of size.clients) await measure([OURS, ...peers], services, clients);
  }
  const most = Math.max(...size.services);
  const naiveClients = options.small ? Math.max(...size.clients) : NAIVE_CLIENTS;
  if (!results.some(({ clients }) => clients === naiveClients)) await measure([OURS, ...peers], most, naiveClients);
  await measure([NAIVE], most, naiveClients);
  return {
    tables: [table(results)],
    notes: [
      'Reference, measured earlier on the same kind of machine and not in this run: 0.16–0.33 s and under 0.2 CPU s for 1,000 services and 2,000 clients.',
      'Ratio: median of this server by median of meshwise in the same cell of the same run.',
      'Clients share the machine with the server; per client a connection, delta ADS, all clusters, all listeners, all endpoints by name.',
      ...('missing' in go ? [`skipped: go-control-plane (${go.missing})`] : []),
    ],
    details: results,
  };
}

function table(results: readonly CellResult[]): Table {
  return {
    title: `Endpoint change to last acknowledgement: median (least–most) of ${results[0]?.changes.length ?? 0} changes`,
    columns: [
      ...['services', 'clients', 'server', 'all ACK ms', 'ratio', 'server CPU ms', 'ratio', 'pushed kB', 'RSS MB'],
      ...['initial s', 'initial CPU s', 'initial MB'],
    ],
    rows: results.map((result) => {
      const ours = results.find((one) => one.server === OURS.name && isSameCell(one, result));
      const ratio = (of: (one: CellResult) => number) =>
        ours === undefined || ours === result ? '' : number(of(result) / of(ours));
      const last = result.changes.at(-1) ?? result.initial;
      return [
        String(result.services),
        String(result.clients),
        result.server,
        spread(elapsed(result)),
        ratio((one) => median(elapsed(one))),
        spread(cpu(result)),
        ratio((one) => median(cpu(one))),
        number(last.pushedBytes / 1e3),
        megabytes(last.rssBytes),
        number(result.initial.elapsedMs / 1e3),
        number(result.initial.cpuMs / 1e3),
        megabytes(result.initial.pushedBytes),
      ];
    }),
  };
}

function isSameCell(one: CellResult, other: CellResult): boolean {
  return one.services === other.services && one.clients === other.clients;
}

function elapsed({ changes }: CellResult): number[] {
  return changes.map(({ elapsedMs }) => elapsedMs);
}

function cpu({ changes }: CellResult): number[] {
  return changes.map(({ cpuMs }) => cpuMs);
}
