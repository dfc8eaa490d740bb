import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { withAnyNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';
import { findProxies } from './find-proxies.ts';
import { proxiesText, proxyText } from './proxy-status-text.ts';

export function proxyStatusCommand(session: Session): Command {
  const command = new Command('status')
    .description('what each proxy was sent and has acknowledged, its identity, and what it rejected')
    .argument('[proxy]', "proxy id, pod, or deploy/NAME: then with each type's versions")
    .action(async (target: string | undefined, options: { namespace?: string }) => {
      const { proxies } = await (await session.connect()).status();
      const chosen = target === undefined ? proxies : findProxies(proxies, target, options.namespace);
      const nowMs = session.context.clock.nowMs();
      const text = () =>
        target === undefined
          ? proxiesText(chosen, nowMs, session.paint)
          : chosen.map((proxy) => proxyText(proxy, nowMs, session.paint)).join('\n');
      session.print({ value: chosen, items: chosen, table: text });
      // Whether an attached process runs is somebody else's business.
      const behind = chosen.filter((proxy) => !proxy.synced && (proxy.connected || proxy.attached === undefined));
      if (behind.length === 0) return;
      session.exitCode = 1;
      session.note(`${behind.length} of ${chosen.length} proxies are not synced.`);
    });
  return describe(withOutput(withAnyNamespace(command)), {
    daemon: 'needed',
    examples: ['meshwise proxy status', 'meshwise proxy status deploy/reviews-v1'],
    exit: 'Exit code 1: a proxy is not synced.',
  });
}
