import type { IdentityView } from '@meshwise/api';
import { formatDurationMs } from '@meshwise/resources';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import { type Cell, table } from '../output/table.ts';
import type { Session } from '../session.ts';
import { rootName } from './identity-words.ts';

const HEADINGS = ['IDENTITY', 'SERIAL', 'NOT BEFORE', 'NOT AFTER', 'ROOT', 'WORKLOADS', 'REVOKED'];

export function identityListCommand(session: Session): Command {
  const command = new Command('list')
    .description('list the identities with the certificates that their proxies present, and who uses them')
    .action(async () => {
      const answer = await (await session.connect()).identities();
      const { items, workloadLifetimeMs, phase } = answer;
      session.print({ value: answer, items, table: () => table(HEADINGS, items.map(row), session.paint) });
      session.note(
        `Certificates of workloads live ${formatDurationMs(workloadLifetimeMs)} (MESHWISE_WORKLOAD_LIFETIME).`,
      );
      if (phase !== 'stable') session.note('The root is being exchanged: see `meshwise identity rotate-root status`.');
    });
  return describe(withOutput(command), {
    daemon: 'needed',
    examples: ['meshwise identity list', 'meshwise identity list -o json'],
  });
}

function row({ spiffeId, current, workloads, out, certificates }: IdentityView): readonly Cell[] {
  const revoked = certificates.filter((one) => one.revoked).length;
  return [
    spiffeId,
    current?.serialNumber ?? null,
    current?.notBefore ?? null,
    current?.notAfter ?? null,
    current === null ? null : rootName(current.root),
    workloads.join(', '),
    out ? { text: 'for good', tone: 'bad' } : revoked === 0 ? null : `${revoked} of ${certificates.length}`,
  ];
}
