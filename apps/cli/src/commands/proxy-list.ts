import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withOutput } from '../input/options.ts';
import { table } from '../output/table.ts';
import { bytes, figure } from '../output/units.ts';
import type { Session } from '../session.ts';
import { proxyName } from './find-proxies.ts';

const HEADINGS = [
  'PROXY',
  'ROLE',
  'WORKLOAD',
  'PROCESS',
  'CONNECTED',
  'SYNCED',
  'RESTARTS',
  'CPU',
  'MEMORY',
  'VERSION',
  'LAST EXIT',
];

export function proxyListCommand(session: Session): Command {
  const command = new Command('list').description('list the proxies with their processes').action(async () => {
    const { proxies } = await (await session.connect()).status();
    const rows = proxies.map((proxy) => [
      proxyName(proxy),
      proxy.attached === undefined ? proxy.role : `${proxy.role} (attached ${proxy.attached})`,
      proxy.workload,
      proxy.attached === undefined ? proxy.process : null,
      proxy.connected ? 'yes' : 'no',
      proxy.synced ? 'yes' : 'no',
      proxy.attached === undefined ? proxy.restarts : null,
      figure(proxy.use.cpuMillicores, 'm', 0),
      bytes(proxy.use.memoryBytes),
      proxy.version,
      proxy.lastExit,
    ]);
    session.print({ value: proxies, items: proxies, table: () => table(HEADINGS, rows, session.paint) });
    if (proxies.length === 0) session.note('No proxies.');
  });
  return describe(withOutput(command), {
    daemon: 'needed',
    examples: ['meshwise proxy list', 'meshwise proxy list -o json'],
  });
}
