import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../record/run-record.ts';
import { RunService } from './run-service.ts';
import { MemoryRepository } from './testing/memory-repository.ts';
import type { Script } from './testing/scripted-worker.ts';

const PROGRAM = fileURLToPath(new URL('./testing/measure-program.ts', import.meta.url));

let root: string;
let directory: string;
let repository: MemoryRepository;
let service: RunService;
let measuring: ChildProcess | undefined;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'recover-'));
  directory = join(root, 'journals');
  repository = MemoryRepository.create();
  service = new RunService({ repository, clock: systemClock, logger: silentLogger, directory });
});
afterEach(async () => {
  measuring?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

/** A process of its own that measures. `limit` is what it may write to one file, in blocks of 512 bytes. */
function measureElsewhere(kind: 'run' | 'experiment', script: Script, limit = 'unlimited') {
  const command = `ulimit -f ${limit}; exec "$0" "$@"`;
  const args = ['-c', command, process.execPath, PROGRAM, directory, join(root, 'store'), kind, JSON.stringify(script)];
  const child = spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  measuring = child;
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const exited = new Promise((resolve) => child.on('close', resolve));
  const lines = () => output.split('\n').filter((line) => line !== '');
  return { child, exited, lines };
}

const files = async () => (await readdir(directory).catch(() => [])).sort();
const journalText = async () =>
  (await Promise.all((await files()).map((name) => readFile(join(directory, name), 'utf8')))).join('');
const measuredSeconds = async () => (await journalText()).split('"intervals"').length - 1;

describe('what a process leaves that is killed', () => {
  it('is a run that says what happened to it, with all that was measured until then', async () => {
    const { child, exited, lines } = measureElsewhere('run', { seconds: 1_000, everyMs: 30 });
    await expect.poll(measuredSeconds).toBeGreaterThan(5);
    const [id = ''] = lines().map((line) => JSON.parse(line) as string);
    expect(await service.recover(), 'it is still there').toEqual([]);
    child.kill('SIGKILL');
    await exited;
    const text = await journalText();
    const whole = text.slice(0, text.lastIndexOf('\n')).split('"intervals"').length - 1;
    expect(await service.recover()).toEqual([id]);
    const record = repository.runs.get(id);
    expect(record).toMatchObject({ state: 'partial', summary: { completed: whole * 100 } });
    expect(record?.note).toMatch(/^The daemon ended after \d+ s; what was measured until then is kept\.$/);
    expect(await repository.intervals(id)).toHaveLength(whole);
    expect(record?.use).toMatchObject([{ role: 'generator' }]);
    expect([await files(), await service.recover()]).toEqual([[], []]);
    expect(await service.ended(id)).toEqual(record);
  });

  it('loses a line that is torn, and no other', async () => {
    const { child, exited, lines } = measureElsewhere('run', { seconds: 1_000, everyMs: 30 });
    await expect.poll(measuredSeconds).toBeGreaterThan(3);
    child.kill('SIGKILL');
    await exited;
    const text = await journalText();
    const [id = ''] = lines().map((line) => JSON.parse(line) as string);
    const lastWhole = text.lastIndexOf('"intervals"', text.lastIndexOf('\n'));
    await writeFile(join(directory, `${id}.ndjson`), text.slice(0, lastWhole + 200));
    await service.recover();
    expect(await repository.intervals(id)).toHaveLength(text.slice(0, lastWhole).split('"intervals"').length - 1);
  });

  it('stays until the store takes it', async () => {
    const { child, exited, lines } = measureElsewhere('run', { seconds: 1_000, everyMs: 30 });
    await expect.poll(measuredSeconds).toBeGreaterThan(3);
    child.kill('SIGKILL');
    await exited;
    const [id = ''] = lines().map((line) => JSON.parse(line) as string);
    repository.isReadOnly = true;
    expect(await service.recover()).toEqual([]);
    expect(await files()).toEqual([`${id}.ndjson`]);
    repository.isReadOnly = false;
    expect(await service.recover()).toEqual([id]);
  });

  it('is the finished rounds of an experiment, with a report on them', async () => {
    const { child, exited, lines } = measureElsewhere('experiment', { seconds: 2, everyMs: 50 });
    const stored = () => MemoryRepository.open(join(root, 'store'));
    const blocks = () => [...stored().experiments.values()][0]?.blocks ?? [];
    await expect.poll(() => blocks().length).toBeGreaterThan(6);
    child.kill('SIGKILL');
    await exited;
    repository = stored();
    service = new RunService({ repository, clock: systemClock, logger: silentLogger, directory });
    const [id = ''] = lines().map((line) => JSON.parse(line) as string);
    const lost = [...repository.runs.values()].filter(({ state }) => state === 'running');
    expect(new Set(await service.recover())).toEqual(new Set([...lost.map((run) => run.id), id]));
    const experiment = repository.experiments.get(id);
    const whole = experiment === undefined ? 0 : repository.wholeRounds(experiment);
    expect(whole).toBeGreaterThan(1);
    expect(experiment).toMatchObject({
      state: 'partial',
      note: `The daemon ended; ${whole} of 5 rounds had been measured until then.`,
      report: { variants: [{ blocks: whole, requests: whole * 200 }, { blocks: whole }, { blocks: whole }] },
    });
    for (const run of lost) expect(repository.runs.get(run.id)?.experiment).toMatchObject({ id });
    expect([await files(), await service.recover()]).toEqual([[], []]);
  });

  it('is nothing to a run that goes on: two processes share a directory', async () => {
    const { lines, exited } = measureElsewhere('run', { seconds: 10, everyMs: 30 });
    await expect.poll(measuredSeconds).toBeGreaterThan(1);
    expect(await service.recover()).toEqual([]);
    await exited;
    expect(JSON.parse(lines()[1] ?? '')).toMatchObject({ state: 'finished', summary: { completed: 1_000 } });
  });
});

describe('a journal that cannot be used', () => {
  it('is left alone while it is young, since somebody may be about to write it, and removed when it is not', async () => {
    await mkdir(directory, { recursive: true });
    const path = join(directory, 'a.ndjson');
    await appendFile(path, '{"owner"');
    expect([await service.recover(), await files()]).toEqual([[], ['a.ndjson']]);
    await utimes(path, new Date(0), new Date(0));
    expect([await service.recover(), await files()]).toEqual([[], []]);
  });

  it('is left alone, however old, when it cannot even be read: that is no proof of its being empty', async () => {
    await mkdir(join(directory, 'a.ndjson'), { recursive: true });
    await utimes(join(directory, 'a.ndjson'), new Date(0), new Date(0));
    const logged: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void logged.push(message) };
    service = new RunService({ repository, clock: systemClock, logger, directory });
    expect([await service.recover(), await files()]).toEqual([[], ['a.ndjson']]);
    expect(logged).toEqual(['a journal could not be read']);
  });

  it('does not keep a run from being measured: a full disk is told, and loses nothing', async () => {
    const { exited, lines } = measureElsewhere('run', { seconds: 40, everyMs: 5 }, '8');
    await exited;
    const record = JSON.parse(lines()[1] ?? '') as RunRecord;
    expect(record).toMatchObject({ state: 'finished', summary: { completed: 4_000 } });
    expect(record.note).toMatch(/^The journal could not be written: EFBIG/);
  });
});
