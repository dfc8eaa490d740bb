import { rm, stat } from 'node:fs/promises';
import { durationWords } from '@meshwise/load';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { ResultRepository } from '../record/repository.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { OverheadBlock } from '../statistics/overhead-block.ts';
import { concludeRun } from './conclude.ts';
import { reportBlock, reportOn } from './experiment-report.ts';
import { type JournalEntry, type JournalHead, journalPath } from './journal.ts';
import { listJournals, readEntries, readHead } from './journal-reader.ts';
import { isAlive, type Owner } from './owner.ts';
import { type RunContext, sentence, timeText } from './run-context.ts';
import { RunLog } from './run-log.ts';

/** A journal without a head belongs to a process that is just about to write it, unless it is as old as this. */
const HEADLESS_MS = 60_000;

/**
 * Stores what processes that are gone have measured, and returns the ids. Runs come before experiments, whose reports are made of them.
 * What the store does not take stays for the next time. Two processes that do this at once store the same.
 */
export async function recoverJournals(context: RunContext): Promise<readonly string[]> {
  const experiments: string[] = [];
  const recovered: string[] = [];
  for (const id of await listJournals(context.directory)) {
    const head = await headOf(context, id);
    if (head === 'unreadable' || (head !== undefined && isAlive(head.owner))) continue;
    if (head === undefined) await removeHeadless(context, id);
    else if (head.run === undefined) experiments.push(id);
    else if (await recoverOne(context, id, head, storeRun)) recovered.push(id);
  }
  for (const id of experiments) {
    const head = await headOf(context, id);
    if (typeof head === 'object' && (await recoverOne(context, id, head, storeExperiment))) recovered.push(id);
  }
  return recovered;
}

/** One that cannot be read now, since it is somebody else's or too many files are open, is nothing to be removed. */
async function headOf({ directory, logger }: RunContext, id: string): Promise<JournalHead | undefined | 'unreadable'> {
  try {
    return await readHead(directory, id);
  } catch (error) {
    logger.warn('a journal could not be read', { id, error });
    return 'unreadable';
  }
}

async function recoverOne(
  context: RunContext,
  id: string,
  head: JournalHead,
  store: (context: RunContext, head: JournalHead, entries: AsyncIterable<JournalEntry>) => Promise<void>,
): Promise<boolean> {
  const { directory, logger } = context;
  try {
    await store(context, head, readEntries(directory, id));
    await rm(journalPath(directory, id), { force: true });
    logger.info('a result was recovered from its journal', { id });
    return true;
  } catch (error) {
    logger.warn('a result could not be recovered', { id, error });
    return false;
  }
}

async function removeHeadless({ directory, clock }: RunContext, id: string): Promise<void> {
  const path = journalPath(directory, id);
  const modifiedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
  if (modifiedMs !== undefined && clock.nowMs() - modifiedMs > HEADLESS_MS) await rm(path, { force: true });
}

async function storeRun(
  { repository }: RunContext,
  head: JournalHead,
  entries: AsyncIterable<JournalEntry>,
): Promise<void> {
  if (head.run === undefined) return;
  const log = new RunLog();
  let ended: RunRecord | undefined;
  let lastMs = 0;
  for await (const entry of entries) {
    log.add(entry);
    if ('end' in entry) ended = entry.end;
    if ('atMs' in entry) lastMs = Math.max(lastMs, entry.atMs);
  }
  await repository.finishRun(ended ?? lostRun(head, head.run, log, lastMs), log.intervals);
}

function lostRun(head: JournalHead, run: RunRecord, log: RunLog, lastMs: number): RunRecord {
  return concludeRun(run, {
    log,
    outcome: {
      outcome: 'lost',
      reason: lostReason(head.owner, lastMs),
      clockResolutionNs: 0,
      workers: run.plan.workers,
    },
    endedAt: timeText(Date.parse(run.startedAt) + lastMs),
    sharesCoresWithTarget: head.sharesCoresWithTarget ?? null,
    notes: [],
  });
}

function lostReason({ name }: Owner, lastMs: number): string {
  return `the ${name} ended after ${durationWords(Math.round(lastMs / 1_000) * 1_000)}; what was measured until then is kept`;
}

async function storeExperiment(
  { repository }: RunContext,
  head: JournalHead,
  entries: AsyncIterable<JournalEntry>,
): Promise<void> {
  let record = head.experiment;
  for await (const entry of entries) if ('experiment' in entry) record = entry.experiment;
  if (record === undefined) return;
  await repository.putExperiment(record.state === 'running' ? await lostExperiment(repository, head, record) : record);
}

async function lostExperiment(
  repository: ResultRepository,
  { owner, notes = [] }: JournalHead,
  running: ExperimentRecord,
): Promise<ExperimentRecord> {
  const blocks: OverheadBlock[] = [];
  let { startedAt: endedAt } = running;
  for (const { round, variant, runId } of running.blocks) {
    const run = await repository.getRun(runId);
    if (run === undefined) continue;
    endedAt = run.endedAt ?? endedAt;
    const block = reportBlock(running, { round, variant }, run, await repository.intervals(runId));
    if (block !== undefined) blocks.push(block);
  }
  const report = reportOn(running, blocks, notes);
  const rounds = `${report?.variants[0]?.blocks ?? 0} of ${running.rounds}`;
  const note = sentence(`the ${owner.name} ended; ${rounds} rounds had been measured until then`);
  return { ...running, state: report === null ? 'failed' : 'partial', note, endedAt, report };
}
