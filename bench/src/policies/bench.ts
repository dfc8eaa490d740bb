import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { number, spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult } from '../report/result.ts';
import { ISTIOD, startIstio } from '../scale/istio-side.ts';
import { type ChangeMeasured, Clients } from '../scale/measure.ts';
import type { ScaleChange, ScaleMesh } from '../scale/objects.ts';
import { ours } from '../scale/scenarios.ts';
import type { Side } from '../scale/side.ts';
import { median } from '../stats/percentile.ts';
import { guardedMesh, oneChange, wideChange } from './objects.ts';

const FULL = { services: 1_000, ones: 10, wides: 5 };
const SMALL = { services: 100, ones: 3, wides: 2 };

interface Row {
  readonly server: string;
  readonly what: string;
  readonly services: number;
  readonly concerned: number;
  readonly runs: readonly ChangeMeasured[];
}

export const policies: Bench = {
  name: 'policies',
  description: 'a changed AuthorizationPolicy among many, beside istiod: whom it reaches, and what it costs',
  run,
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const size = options.small ? SMALL : FULL;
  const rows: Row[] = [];
  const skipped: string[] = [];
  const measure = async (services: number, start: (mesh: ScaleMesh, directory: string) => Promise<Side>) => {
    const directory = await mkdtemp(join(tmpdir(), 'mw-policies-'));
    const mesh = guardedMesh(services);
    const side = await start(mesh, directory);
    try {
      rows.push(...(await changesOf(side, mesh, size, directory, options)));
    } finally {
      await side.stop();
      await rm(directory, { recursive: true, force: true });
    }
  };
  // A tenth of the mesh first: what a change costs must not grow with those whom it does not concern.
  await measure(size.services / 10, ours);
  await measure(size.services, ours);
  try {
    await measure(size.services, (mesh, directory) => startIstio(mesh, directory, options.log));
  } catch (error) {
    skipped.push(`skipped: ${ISTIOD} (${error instanceof Error ? error.message : String(error)})`);
  }
  return { tables: [tableOf(rows)], notes: [...notes(), ...skipped], details: rows };
}

async function changesOf(
  side: Side,
  mesh: ScaleMesh,
  { ones, wides }: typeof FULL,
  directory: string,
  { log }: BenchOptions,
): Promise<Row[]> {
  const services = mesh.proxies.length;
  const clients = await Clients.start(mesh, directory);
  try {
    log(`${side.name}: connecting ${services} proxies`);
    await clients.connect(side);
    const many = async (what: string, count: number, change: (round: number) => ScaleChange): Promise<Row> => {
      log(`${side.name}: ${what}`);
      const runs: ChangeMeasured[] = [];
      for (let round = 0; round < count; round += 1) runs.push(await clients.change(side, change(round)));
      return { server: side.name, what, services, concerned: change(0).concerns?.length ?? services, runs };
    };
    return [
      await many('one workload', ones, (round) => oneChange(mesh, round)),
      await many('whole namespace', wides, (round) => wideChange(mesh, round)),
    ];
  } finally {
    await clients.stop();
  }
}

function tableOf(rows: readonly Row[]): BenchResult['tables'][number] {
  return {
    title: 'one AuthorizationPolicy changes; as many policies and proxies as services',
    columns: ['policy of', 'server', 'services', 'concerned', 'reached', 'last ACK ms', 'server CPU ms', 'received kB'],
    rows: rows.map(({ what, server, services, concerned, runs }) => [
      what,
      server,
      String(services),
      String(concerned),
      spread(runs.map(({ receivers }) => receivers)),
      spread(runs.map(({ elapsedMs }) => elapsedMs)),
      spread(runs.map(({ cpuMs }) => cpuMs)),
      number(median(runs.map(({ receivedBytes }) => receivedBytes)) / 1e3),
    ]),
  };
}

function notes(): string[] {
  return [
    'Reached: proxies that were sent anything at all, until half a second after the last concerned one had acknowledged. CPU is that of the control plane, in steps of 10 ms.',
    'istiod: its debounce (100 ms; ours 5 ms) is in its times; its objects are written to kube-apiserver.',
  ];
}
