import { appendFile, open, readFile } from 'node:fs/promises';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { writeDurably } from './durable-file.ts';

/** What is remembered of a certificate, without key. */
export interface IssuedRecord {
  /** Hexadecimal. */
  readonly serialNumber: string;
  readonly spiffeId: string;
  /** Serial number of the intermediate that signed it. */
  readonly issuer: string;
  /** Id of the root above that. */
  readonly root: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly use: 'proxy' | 'export';
}

/** The file is written anew when more than this many lines, and more than half of them, are of certificates that have ended. */
const SLACK_LINES = 200;

/**
 * Every certificate that was issued and has not ended, so that all of an identity can be revoked: a revocation list names
 * serial numbers, not identities. One line each, on disk before the certificate is handed out; lines that are asked for
 * together are written together.
 *
 * Bounded by life: with certificates of a day, two for each identity and one more for each restart of the daemon. When the
 * disk is full, certificates are issued all the same, since an outage is worse: what could not be written is kept in
 * memory, is written with the next one, and is said in the log.
 */
export class IssuedLedger {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #records: Map<string, IssuedRecord>;
  #unwritten: IssuedRecord[] = [];
  #lines: number;
  #isTorn = false;
  #turn: Promise<void> = Promise.resolve();

  private constructor(file: string, clock: Clock, logger: Logger, records: readonly IssuedRecord[]) {
    this.#file = file;
    this.#clock = clock;
    this.#logger = logger;
    this.#records = new Map(records.map((record) => [record.serialNumber, record]));
    this.#lines = records.length;
  }

  static async open(file: string, clock: Clock, logger: Logger): Promise<IssuedLedger> {
    const { records, isTorn } = await readRecords(file);
    const ledger = new IssuedLedger(file, clock, logger, records);
    ledger.#isTorn = isTorn;
    return ledger;
  }

  /** Resolves when the record is on disk, or cannot be. */
  remember(record: IssuedRecord): Promise<void> {
    this.#records.set(record.serialNumber, record);
    this.#unwritten.push(record);
    this.#turn = this.#turn.then(() => this.#flush());
    return this.#turn;
  }

  /** Certificates that have not ended, the oldest first. */
  live(spiffeId?: string): readonly IssuedRecord[] {
    const nowMs = this.#clock.nowMs();
    return [...this.#records.values()].filter(
      (record) => record.notAfterMs > nowMs && (spiffeId === undefined || record.spiffeId === spiffeId),
    );
  }

  find(serialNumber: string): IssuedRecord | undefined {
    const record = this.#records.get(serialNumber);
    return record !== undefined && record.notAfterMs > this.#clock.nowMs() ? record : undefined;
  }

  /** Forgets what has ended. */
  async prune(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    for (const [serial, { notAfterMs }] of this.#records) if (notAfterMs <= nowMs) this.#records.delete(serial);
    if (this.#lines <= SLACK_LINES || this.#lines <= 2 * this.#records.size) return;
    this.#turn = this.#turn.then(async () => {
      await this.#guarded(() => this.#rewrite());
    });
    await this.#turn;
  }

  async #flush(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    // After a failed write the file may end within a line.
    const write = this.#isTorn ? () => this.#rewrite() : () => this.#append();
    this.#isTorn = !(await this.#guarded(write));
  }

  async #append(): Promise<void> {
    const batch = this.#unwritten;
    this.#unwritten = [];
    try {
      await append(this.#file, batch);
      this.#lines += batch.length;
    } catch (error) {
      this.#unwritten = [...batch, ...this.#unwritten];
      throw error;
    }
  }

  async #rewrite(): Promise<void> {
    const batch = this.#unwritten;
    this.#unwritten = [];
    const records = [...this.#records.values()];
    try {
      await writeDurably(this.#file, records.map(lineOf).join(''), 'replace');
      this.#lines = records.length;
    } catch (error) {
      this.#unwritten = [...batch, ...this.#unwritten];
      throw error;
    }
  }

  async #guarded(write: () => Promise<void>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      const { message } = MeshwiseError.from(error);
      this.#logger.error('issued certificates could not be written down', { file: this.#file, message });
      return false;
    }
  }
}

function lineOf(record: IssuedRecord): string {
  return `${JSON.stringify(record)}\n`;
}

async function append(file: string, records: readonly IssuedRecord[]): Promise<void> {
  await appendFile(file, records.map(lineOf).join(''), { mode: 0o600 });
  const written = await open(file, 'r');
  try {
    await written.datasync();
  } finally {
    await written.close();
  }
}

/** A last line without its end was being written when the machine stopped: its certificate was never handed out. */
async function readRecords(file: string): Promise<{ records: readonly IssuedRecord[]; isTorn: boolean }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { records: [], isTorn: false };
    throw new MeshwiseError('MW4006', 'Cannot read', { file }, { cause });
  }
  const lines = text.split('\n');
  const isTorn = lines.pop() !== '';
  const records = lines.map((line, index) => {
    const record = parse(line);
    if (record !== undefined) return record;
    throw new MeshwiseError('MW4002', 'A line of the issued certificates cannot be read', {
      file,
      line: index + 1,
      advice:
        'Restore the file from a backup or delete it: certificates that were issued before can then not be revoked.',
    });
  });
  return { records, isTorn };
}

function parse(line: string): IssuedRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<IssuedRecord>;
    const isWhole =
      typeof record.serialNumber === 'string' &&
      typeof record.spiffeId === 'string' &&
      typeof record.issuer === 'string' &&
      typeof record.notAfterMs === 'number';
    return isWhole ? (record as IssuedRecord) : undefined;
  } catch {
    return undefined;
  }
}
