import { spawn } from 'node:child_process';
import type { LaunchWorker, WorkerProcess } from './contract.ts';
import { LineSplitter } from './line-splitter.ts';

/** An interval has four histograms of at most some thousand buckets; this is far beyond. */
const MAX_LINE_LENGTH = 4 << 20;
const STDERR_TAIL_LENGTH = 4_096;

export interface ChildOptions {
  /** Goes before the worker's command line, and execs it: what puts it into another network namespace. None by default. */
  readonly prefix?: readonly string[];
  /** All of the worker's environment. By default nothing but where programs are found. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts workers as child processes of this one, in sessions of their own: an interrupt in a terminal is for the coordinator,
 * which then asks them to stop and gets the rest of what they measured. They end with this process, since their input does.
 */
export function launchChild(options: ChildOptions = {}): LaunchWorker {
  const env = options.env ?? { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
  return ({ argv }) => start([...(options.prefix ?? []), ...argv], env);
}

function start(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { env: { ...env }, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const listeners: ((line: string) => void)[] = [];
  let stderrTail = '';
  const lines = new LineSplitter(MAX_LINE_LENGTH, (line) => {
    for (const listener of listeners) listener(line);
  });
  child.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderrTail = (stderrTail + text).slice(-STDERR_TAIL_LENGTH);
  });
  // A worker that is gone cannot be written to; that it is gone is what `exited` says.
  child.stdin.on('error', () => {});
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    // Not `exit`: what the worker has written before is still in the pipe then.
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const worker: WorkerProcess = {
    pid: child.pid,
    write: (line) => child.stdin.write(`${line}\n`),
    onLine: (listener) => listeners.push(listener),
    stderrTail: () => stderrTail,
    exited,
    kill() {
      child.stdin.destroy();
      if (child.pid !== undefined) killGroup(child.pid);
    },
  };
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(worker));
    child.once('error', reject);
  });
}

/** The worker leads its group, so whatever came of the prefix goes with it. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
