import { rm, stat } from 'node:fs/promises';
import { durationWords } from '@meshwise/load';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { ResultRepository } from '../record/repository.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { OverheadBlock } from '../statistics/overhead-block.ts';
import { concludeRun } from './conclude.ts';
import { reportBlock, reportOn } from './experiment-report.ts';
import { type JournalHead, journalPath } from './journal.ts';
import { listJournals, type ReadJournal, readJournal } from './journal-reader.ts';
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
    const journal = await readJournal(context.directory, id);
    if (journal === undefined) await removeHeadless(context, id);
    else if (isAlive(journal.head.owner)) continue;
    else if (journal.head.run === undefined) experiments.push(id);
    else if (await recoverOne(context, id, storeRun)) recovered.push(id);
  }
  for (const id of experiments) if (await recoverOne(context, id, storeExperiment)) recovered.push(id);
  return recovered;
}

async function recoverOne(
  context: RunContext,
  id: string,
  store: (context: RunContext, journal: ReadJournal) => Promise<void>,
): Promise<boolean> {
  const { directory, logger } = context;
  try {
    const journal = await readJournal(directory, id);
    if (journal === undefined) return false;
    await store(context, journal);
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

async function storeRun({ repository }: RunContext, { head, entries }: ReadJournal): Promise<void> {
  if (head.run === undefined) return;
  const log = new RunLog();
  let ended: RunRecord | undefined;
  for (const entry of entries) {
    log.add(entry);
    if ('end' in entry) ended = entry.end;
  }
  const record = ended ?? lostRun(head, head.run, log, entries);
  await repository.finishRun(record, log.intervals);
}

function lostRun(head: JournalHead, run: RunRecord, log: RunLog, entries: ReadJournal['entries']): RunRecord {
  const lastMs = entries.reduce((last, entry) => ('atMs' in entry ? Math.max(last, entry.atMs) : last), 0);
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

async function storeExperiment({ repository }: RunContext, { head, entries }: ReadJournal): Promise<void> {
  const record = entries.reduce((last, entry) => ('experiment' in entry ? entry.experiment : last), head.experiment);
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
