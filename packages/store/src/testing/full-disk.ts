import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeshwiseError, silentLogger, systemClock } from '@meshwise/core';
import { openResultStore } from '../open.ts';
import { sampleInterval, sampleRun } from './samples.ts';

/**
 * A program of its own, to be run with mounts of its own: fills a small disk at the directory it is given, makes room again and
 * takes away the right to write. Prints what the store said, as JSON.
 */
const [directory = ''] = process.argv.slice(2);
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]);
const filler = join(directory, 'filler');
writeFileSync(filler, Buffer.alloc(256 * 1_024));

const open = () => openResultStore({ directory, logger: silentLogger, clock: systemClock });
const refused = async (work: Promise<unknown>) => {
  const error = MeshwiseError.from(await work.then(() => 'it was accepted').catch((reason: unknown) => reason));
  return `${error.code}: ${error.summary.replace(directory, '')}`;
};
const write = (number: number) => store.finishRun(sampleRun(number), [sampleInterval(number)]);

const store = await open();
let written = 0;
const full: string[] = [];
while (full.length < 3 && written < 10_000) {
  await write(written).then(
    () => written++,
    async (error) => full.push(await refused(Promise.reject(error))),
  );
}
const readWhenFull = (await store.listRuns({ limit: 10_000 })).items.length;
rmSync(filler);
await write(written);
const readWithRoom = (await store.listRuns({ limit: 10_000 })).items.length;
await store.close();
execFileSync('mount', ['-o', 'remount,ro', directory]);
const readOnly = await refused(open());
process.stdout.write(JSON.stringify({ written, full, readWhenFull, readWithRoom, readOnly }));
