import type { LaunchWorker, WorkerProcess } from '@meshwise/load';

type Exit = Awaited<WorkerProcess['exited']>;
type Launch = Parameters<LaunchWorker>[0];

/**
 * Keeps workers between runs. A generator that has just started runs code that is not compiled yet, which costs its first seconds
 * some hundred microseconds a request; blocks of an experiment would each begin with them, and a warm-up long enough to hide it
 * would be longer than the block.
 *
 * A worker that has said `done` is kept when it is killed, and what asked for its end is told that it has ended; any other is
 * killed, since nobody knows what it is doing.
 */
export class WorkerPool {
  readonly #launch: LaunchWorker;
  readonly #members: Member[] = [];
  #isClosed = false;

  constructor(launch: LaunchWorker) {
    this.#launch = launch;
  }

  readonly launch: LaunchWorker = async (program) => {
    const kept = this.#members.find((member) => member.isFree(program));
    if (kept !== undefined) return kept.lend();
    const process = await this.#launch(program);
    const member = new Member(process, program);
    this.#members.push(member);
    // Whoever asked may have given up meanwhile, and then nobody would end it.
    if (this.#isClosed) process.kill();
    return member.lend();
  };

  /** Ends every worker, and each that is only about to start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { process } of this.#members) process.kill();
    await Promise.all(this.#members.map(({ process }) => process.exited));
  }
}

class Member {
  readonly process: WorkerProcess;
  readonly #key: string;
  #loan: { readonly onLine: ((line: string) => void)[]; readonly returned: (exit: Exit) => void } | undefined;
  #isIdle = true;
  #hasExited = false;

  constructor(process: WorkerProcess, program: Launch) {
    this.process = process;
    this.#key = program.argv.join('\0');
    process.onLine((line) => this.#hear(line));
    void process.exited.then(() => {
      this.#hasExited = true;
    });
  }

  isFree({ argv }: Launch): boolean {
    return this.#loan === undefined && this.#isIdle && !this.#hasExited && argv.join('\0') === this.#key;
  }

  lend(): WorkerProcess {
    const { process } = this;
    const returned = Promise.withResolvers<Exit>();
    const loan = { onLine: [] as ((line: string) => void)[], returned: returned.resolve };
    this.#loan = loan;
    return {
      pid: process.pid,
      stderrTail: () => process.stderrTail(),
      exited: Promise.race([process.exited, returned.promise]),
      onLine: (listener) => loan.onLine.push(listener),
      write: (line) => {
        if (this.#loan !== loan) return;
        this.#isIdle = false;
        process.write(line);
      },
      kill: () => {
        if (this.#loan !== loan) return;
        if (!this.#isIdle) return process.kill();
        this.#loan = undefined;
        loan.returned({ code: 0, signal: null });
      },
    };
  }

  #hear(line: string): void {
    if (isDone(line)) this.#isIdle = true;
    for (const listener of this.#loan?.onLine ?? []) listener(line);
  }
}

/** Lines with histograms take long to parse, so only those that can be it are. */
function isDone(line: string): boolean {
  if (!line.includes('"done"')) return false;
  try {
    return (JSON.parse(line) as { readonly type?: unknown } | null)?.type === 'done';
  } catch {
    return false;
  }
}
