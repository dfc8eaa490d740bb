import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import type { Interval } from '@meshwise/load';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Owner } from './owner.ts';
import type { UseReading } from './ports.ts';

/** The first line of a journal: of whom and of what it is. Exactly one of the records is set. */
export interface JournalHead {
  readonly owner: Owner;
  readonly run?: RunRecord;
  /** Null when nobody can tell. */
  readonly sharesCoresWithTarget?: boolean | null;
  readonly experiment?: ExperimentRecord;
  /** What a report on the experiment says beside its figures. */
  readonly notes?: readonly string[];
}

/** Times are milliseconds since the journal began. */
export type JournalEntry =
  | { readonly atMs: number; readonly intervals: readonly Interval[] }
  | { readonly atMs: number; readonly readings: readonly UseReading[] }
  /** The result, written before the store has it. */
  | { readonly end: RunRecord }
  /** Replaces the record of the head. */
  | { readonly experiment: ExperimentRecord };

const SUFFIX = '.ndjson';

export function journalPath(directory: string, id: string): string {
  return join(directory, `${id}${SUFFIX}`);
}

/** The id in the name of a journal, undefined for any other file. */
export function idOfJournal(fileName: string): string | undefined {
  return fileName.endsWith(SUFFIX) ? fileName.slice(0, -SUFFIX.length) : undefined;
}

/**
 * What is measured, on disk within the second, one JSON text a line: so that the sudden end of this process costs a second and
 * not the run. It is not synchronised to the device each time, since it guards against the end of a process; the end of the machine
 * ends what is measured too.
 *
 * Never stands in the way of a measurement: what cannot be written is told in `failure`, and the run goes on in memory.
 */
export class Journal {
  readonly #path: string;
  #file: FileHandle | undefined;
  #written: Promise<void> = Promise.resolve();
  #failure: string | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Resolves when the head is written, or cannot be. */
  static async create(directory: string, id: string, head: JournalHead): Promise<Journal> {
    const journal = new Journal(journalPath(directory, id));
    await journal.#guard(async () => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      journal.#file = await open(journal.#path, 'wx', 0o600);
      await journal.#file.appendFile(`${JSON.stringify(head)}\n`);
    });
    return journal;
  }

  /** Why not everything is in the file; undefined when it is. */
  get failure(): string | undefined {
    return this.#failure;
  }

  append(entry: JournalEntry): void {
    const line = `${JSON.stringify(entry)}\n`;
    this.#written = this.#written.then(() => this.#guard(async () => this.#file?.appendFile(line)));
  }

  /** Resolves when everything is written that could be. */
  async flush(): Promise<void> {
    await this.#written;
  }

  async close(): Promise<void> {
    await this.#written;
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
  }

  /** After the store has acknowledged. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.#path, { force: true }).catch(() => {});
  }

  /** Stops at the first failure: a half line that others follow would be worth less than an end. */
  async #guard(write: () => Promise<unknown>): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await write();
    } catch (error) {
      this.#failure = MeshwiseError.from(error).summary;
    }
  }
}
