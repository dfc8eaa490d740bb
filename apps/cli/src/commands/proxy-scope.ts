import type { ProxyView, StatusView, WorkloadView } from '@meshwise/api';
import type { Resource } from '@meshwise/resources';
import { Command } from 'commander';
import type { Client } from '../client/client.ts';
import { at, listAt } from '../columns/read.ts';
import { describe } from '../command-help.ts';
import { withAnyNamespace, withOutput } from '../input/options.ts';
import { resourcesText } from '../output/formats.ts';
import { table } from '../output/table.ts';
import type { Session } from '../session.ts';
import { findProxies } from './find-proxies.ts';
import { learnedScope } from './learned-scope.ts';

export function proxyScopeCommand(session: Session): Command {
  const command = new Command('scope')
    .description('Sidecar resources that show each workload only what it has called, for review')
    .argument('[workload]', 'a workload as deploy/NAME, a pod or a proxy; all when absent')
    .action(async (target: string | undefined, options: { namespace?: string }) => {
      const client = await session.connect();
      const status = await client.status();
      const chosen = sidecarsOf(status, target, options.namespace);
      const scopes = await Promise.all(chosen.map((workload) => scopeOf(client, workload, status)));
      const learned = scopes.flatMap((scope) => scope ?? []);
      if (session.format === 'yaml') session.context.stdout.write(resourcesText(learned));
      else session.print({ value: learned, items: learned, table: () => asTable(session, learned, status) });
      if (learned.length === 0) session.note('No sidecars.');
      else
        session.note(
          'Learned from calls since the proxies started: a call that was not made yet will not be possible.',
        );
    });
  return describe(withAnyNamespace(withOutput(command)), {
    daemon: 'needed',
    examples: ['meshwise proxy scope', 'meshwise proxy scope deploy/productpage-v1 -o yaml'],
  });
}

function sidecarsOf(status: StatusView, target: string | undefined, namespace: string | undefined): WorkloadView[] {
  const proxies: readonly ProxyView[] =
    target === undefined ? status.proxies : findProxies(status.proxies, target, namespace);
  const names = new Set(proxies.filter(({ role }) => role === 'sidecar').map(({ workload }) => workload));
  return status.workloads.filter(
    (one) => names.has(`${one.namespace}/${one.name}`) && (namespace === undefined || one.namespace === namespace),
  );
}

/** Undefined when the workload is gone meanwhile. */
async function scopeOf(client: Client, workload: WorkloadView, status: StatusView): Promise<Resource | undefined> {
  const { kind, namespace, name } = workload;
  const { items } = await client.resources({ kind, namespace, name });
  const [body] = items;
  if (body === undefined) return undefined;
  const labels = at(body, ...(kind === 'Pod' ? ['metadata', 'labels'] : ['spec', 'selector', 'matchLabels']));
  const selector = (labels ?? {}) as Readonly<Record<string, string>>;
  return learnedScope({ namespace, name, selector }, status.calls);
}

function asTable(session: Session, scopes: readonly Resource[], { services }: StatusView): string {
  const rows = scopes.map((scope) => {
    const hosts = listAt(scope, 'spec', 'egress').flatMap((listener) => listAt(listener, 'hosts')) as string[];
    const seen = hosts.filter((host) => !host.startsWith('~'));
    return [
      `${scope.metadata.namespace}/${scope.metadata.name}`,
      `${seen.length} of ${services.length}`,
      seen.join(','),
    ];
  });
  return table(['WORKLOAD', 'CALLS', 'HOSTS'], rows, session.paint);
}
