import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { megabytes, number, spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult, Table } from '../report/result.ts';
import { median } from '../stats/percentile.ts';
import { ISTIOD, startIstio } from './istio-side.ts';
import type { Measured } from './measure.ts';
import { uniformMesh } from './objects.ts';
import { changesOf, coldIstio, coldOurs, ours, type Row, type Size } from './scenarios.ts';
import { SEED, type SeedCounts, seedMesh } from './seed-objects.ts';

interface Sizes extends Size {
  readonly seed: SeedCounts;
}

const FULL: Sizes = {
  services: 1_000,
  proxies: 2_000,
  endpointChanges: 8,
  routeChanges: 3,
  newServices: 3,
  seed: SEED,
};
const SMALL: Sizes = {
  services: 100,
  proxies: 100,
  endpointChanges: 3,
  routeChanges: 2,
  newServices: 1,
  seed: { services: 78, virtualServices: 65, destinationRules: 48, proxies: 92, namespaces: 5 },
};

export const scale: Bench = {
  name: 'scale',
  description: 'many services and proxies beside istiod: connecting, changes, a cold start; CPU and memory',
  run,
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const size = options.small ? SMALL : FULL;
  const mesh = uniformMesh(size.services, size.proxies);
  const seed = seedMesh(size.seed);
  const rows: Row[] = [];
  const skipped: string[] = [];
  const inDirectory = async (work: (directory: string) => Promise<readonly Row[]>) => {
    const directory = await mkdtemp(join(tmpdir(), 'mw-scale-'));
    try {
      rows.push(...(await work(directory)));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
  await inDirectory(async (directory) => changesOf(await ours(mesh, directory), mesh, size, directory, options));
  await inDirectory((directory) => coldOurs(seed, directory, options));
  try {
    await inDirectory(async (directory) => {
      options.log(`${ISTIOD}: starting, and writing ${mesh.resources.length} objects`);
      return changesOf(await startIstio(mesh, directory, options.log), mesh, size, directory, options);
    });
    await inDirectory((directory) => coldIstio(seed, directory, options));
  } catch (error) {
    skipped.push(`${ISTIOD} (${error instanceof Error ? error.message : String(error)})`);
  }
  return { tables: [table(rows, size)], notes: notesOf(size, skipped), details: rows };
}

function table(rows: readonly Row[], size: Sizes): Table {
  const { services, proxies, seed } = size;
  return {
    title: `${services} services, ${proxies} proxies; cold start: ${seed.services} services, ${seed.virtualServices} VirtualServices, ${seed.destinationRules} DestinationRules, ${seed.proxies} proxies`,
    columns: ['', 'server', 'last ACK ms', 'of istiod', 'server CPU s', 'of istiod', 'received MB', 'RSS MB'],
    rows: rows.map(({ what, server, runs }) => {
      const peer = rows.find((row) => row.what === what && row.server === ISTIOD);
      const share = (of: (one: Measured) => number) =>
        peer === undefined || server === ISTIOD ? '' : number(median(runs.map(of)) / median(peer.runs.map(of)));
      return [
        what,
        server,
        spread(runs.map(({ elapsedMs }) => elapsedMs)),
        share(({ elapsedMs }) => elapsedMs),
        spread(runs.map(({ cpuMs }) => cpuMs / 1e3)),
        share(({ cpuMs }) => cpuMs),
        megabytes(median(runs.map(({ receivedBytes }) => receivedBytes))),
        megabytes(Math.max(...runs.map(({ rssBytes }) => rssBytes))),
      ];
    }),
  };
}

function notesOf(size: Sizes, skipped: readonly string[]): string[] {
  return [
    `Each proxy: a connection, delta ADS; all clusters and listeners, then the endpoints, routes, virtual hosts and filters these name. ${size.proxies} in one process, on the same machine; 64 connect at a time.`,
    'The same objects for both: ours are given to the model, as the daemon does for each event of its store; those of istiod are written to kube-apiserver, whose time (some milliseconds) is in its elapsed time and whose CPU is not in its CPU.',
    'istiod: unreleased commit of 2026-08 (VERSION 1.31), Envoy filters of Istio’s own off, PILOT_MAX_REQUESTS_PER_SECOND=1000, else defaults; its debounce (100 ms; ours 5 ms) is in its times.',
    'Our proxies carry a DNS table of all services in a listener; istiod’s by default do not.',
    ...skipped.map((what) => `skipped: ${what}`),
  ];
}
