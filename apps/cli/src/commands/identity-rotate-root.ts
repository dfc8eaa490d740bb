import type { RotationStep, RotationView } from '@meshwise/api';
import { Argument, Command } from 'commander';
import type { Client } from '../client/client.ts';
import { describe } from '../command-help.ts';
import { wholeNumber, withOutput } from '../input/options.ts';
import { clean, table } from '../output/table.ts';
import type { Session } from '../session.ts';
import { rootName } from './identity-words.ts';

const WORDS = ['introduce', 'switch', 'retire', 'status'] as const;
const HEADINGS = ['ROOT', 'ROLE', 'SUBJECT', 'NOT AFTER', 'IDENTITIES'];
const POLL_MS = 250;
const DEFAULT_TIMEOUT_S = 60;

interface Options {
  readonly force?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

/** Exchanges the root under traffic, as after its key may have been stolen. */
export function identityRotateRootCommand(session: Session): Command {
  const command = new Command('rotate-root')
    .description(
      'exchange the root certificate in three steps: introduce (trust a new one), switch (sign by it), retire (trust the old one no longer)',
    )
    .addArgument(new Argument('<step>', 'the step, or where it stands').choices(WORDS))
    .option('--force', 'also when proxies are not ready: they lose new connections')
    .option('--no-wait', 'do not wait until every running proxy has taken the step')
    .option('--timeout <seconds>', 'wait no longer than this', wholeNumber(1), DEFAULT_TIMEOUT_S)
    .action(async (word: RotationStep | 'status', { force, wait, timeout }: Options) => {
      const client = await session.connect();
      const forced = force === true ? { force } : {};
      const first = word === 'status' ? await client.rotation() : await client.rotateRoot({ step: word, ...forced });
      const view = wait && word !== 'status' ? await untilTaken(session, client, first, timeout * 1000) : first;
      session.print({ value: view, table: () => text(view, session) });
      for (const { proxy, reason } of view.waitingFor) session.note(`Waiting: ${proxy} ${reason}`);
      for (const name of view.unreachable) session.note(`Not waited for, since it is not connected: ${name}`);
      if (word !== 'status' && wait && view.waitingFor.length > 0) session.exitCode = 1;
    });
  return describe(withOutput(command), {
    daemon: 'needed',
    examples: [
      'meshwise identity rotate-root introduce',
      'meshwise identity rotate-root switch --timeout 120',
      'meshwise identity rotate-root retire',
      'meshwise identity rotate-root status -o json',
    ],
    exit: 'Exit code 1: not in this order, a proxy is not ready for the step, or it was taken and a proxy is not there in time.',
  });
}

async function untilTaken(
  session: Session,
  client: Client,
  first: RotationView,
  timeoutMs: number,
): Promise<RotationView> {
  const { clock } = session.context;
  const untilMs = clock.monotonicMs() + timeoutMs;
  let view = first;
  while (view.waitingFor.length > 0 && clock.monotonicMs() < untilMs) {
    await clock.sleep(POLL_MS);
    view = await client.rotation();
  }
  return view;
}

function text({ phase, next, roots }: RotationView, session: Session): string {
  const rows = roots.map((root) => [rootName(root.id), root.role, clean(root.subject), root.notAfter, root.identities]);
  return `${table(HEADINGS, rows, session.paint)}\nPhase: ${phase}. The next step is ${next}.\n`;
}
