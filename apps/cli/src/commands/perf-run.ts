import { writeFile } from 'node:fs/promises';
import type { RunRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { LiveRun } from '@meshwise/performance';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import { liveLine } from '../perf/live-line.ts';
import { exitCodeOf, type Outcome, type Performer } from '../perf/outcome.ts';
import { printOutcome } from '../perf/print-outcome.ts';
import { type RunOptions, withRunOptions } from '../perf/run-options.ts';
import { runRequest } from '../perf/run-request.ts';
import type { Session } from '../session.ts';
import { readDaemonRecord, stateDirectory } from '../state-directory.ts';

const LOG_EVERY_MS = 5_000;

export function perfRunCommand(session: Session): Command {
  const command = new Command('run')
    .description(
      'send load to a URL or a service of the mesh and measure it: rates, times, errors, and whether to believe them',
    )
    .argument('<target>', 'URL, or service[.namespace][:port]/path of the mesh')
    .action((target: string, options: RunOptions) => perfRun(session, target, options));
  return describe(withOutput(withRunOptions(command)), {
    daemon: 'optional',
    examples: [
      'meshwise perf run http://127.0.0.1:8080/productpage --rps 200 --duration 30s',
      'meshwise perf run productpage/productpage --from inside --rps 100 --expect p99<50ms',
      'meshwise perf run details/details/0 --compare-mesh --rps 500',
      'meshwise perf run http://127.0.0.1:9000/ --rps max --connections 32 -o json',
    ],
    exit: 'Exit codes: 0 done; 1 a criterion was not met; 2 bad input; 3 not reachable, or the generator was lost.\nServices, --from inside and --compare-mesh need the daemon.',
  });
}

async function perfRun(session: Session, target: string, options: RunOptions): Promise<void> {
  const request = await runRequest(target, options, session.context);
  const performer = await performerFor(session, request);
  try {
    for (const line of performer.words) session.note(line);
    for (const line of performer.warnings) session.note(`${session.paintStderr('warning', 'warn')}: ${line}`);
    const outcome = await performUntilStopped(session, performer);
    printOutcome(session, outcome);
    if (options.report !== undefined) await writeReport(session, await performer.report(outcome), options.report);
    if (!options.store) await performer.forget(outcome);
    session.exitCode = exitCodeOf(outcome);
  } finally {
    await performer.close();
  }
}

/**
 * A daemon that runs does it, so that the page shows it too. Without one, a URL needs none. To a Unix socket it is always this
 * process that connects, with the rights of whoever typed the command; the daemon refuses.
 */
async function performerFor(session: Session, request: RunRequest): Promise<Performer> {
  const { context } = session;
  const isPlain =
    /^https?:\/\//i.test(request.target) && request.from !== 'inside' && request.compareMesh === undefined;
  const isForUs = typeof request.load.unixSocketPath === 'string';
  if (isPlain && (isForUs || !(await isDaemonUp(session)))) {
    const { performerHere } = await import('../perf/here.ts');
    return performerHere(request, context);
  }
  const { performerAt } = await import('../perf/with-daemon.ts');
  return performerAt(await session.connect(), request, context.clock);
}

async function isDaemonUp({ context }: Session): Promise<boolean> {
  const record = await readDaemonRecord(stateDirectory(context.env));
  return record !== undefined && (await context.platform()).isAlive(record.pid, record.startTicks);
}

/** The first signal asks for the end, which keeps what was measured; the second is the system's again. */
async function performUntilStopped(session: Session, performer: Performer): Promise<Outcome> {
  const stop = new AbortController();
  const off = session.context.onSignal(() => {
    if (!stop.signal.aborted)
      session.note('Stopping: what was measured until now is kept. Once more to leave at once.');
    stop.abort();
    off();
  });
  try {
    return await session.progress.step('Measuring', (report) =>
      performer.perform(
        sparingly(session, (run) => report(liveLine(run))),
        stop.signal,
      ),
    );
  } finally {
    off();
  }
}

/** A terminal shows one line that changes; a log would get two a second. */
function sparingly({ context }: Session, show: (run: LiveRun) => void): (run: LiveRun) => void {
  if (context.stderr.isTTY) return show;
  let lastMs = Number.NEGATIVE_INFINITY;
  return (run) => {
    const nowMs = context.clock.monotonicMs();
    if (nowMs - lastMs < LOG_EVERY_MS) return;
    lastMs = nowMs;
    show(run);
  };
}

async function writeReport(session: Session, report: string, path: string): Promise<void> {
  await writeFile(path, report).catch((cause: unknown) => {
    const found = `${path}: ${(cause as NodeJS.ErrnoException).code ?? 'cannot be written'}`;
    throw new MeshwiseError('MW7001', 'the report cannot be written', { field: '--report', found }, { cause });
  });
  session.note(`Report: ${path}`);
}
