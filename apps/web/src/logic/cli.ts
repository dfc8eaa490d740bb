import type { PagePath } from './attention.ts';

const COMMANDS: Readonly<Record<PagePath, string>> = {
  '/': 'meshwise status',
  '/topology': 'meshwise status -o json',
  '/services': 'meshwise get services',
  '/workloads': 'meshwise get deployments',
  '/proxies': 'meshwise proxy status',
  '/gateways': 'meshwise get gateways',
  '/conditions': 'meshwise status -o json',
  '/performance': 'meshwise perf list',
  '/shifts': 'meshwise get trafficshifts',
};

/** The command that shows what the page shows. One namespace narrows it; more than one has no flag, so all are listed. */
export function pageCommand(path: PagePath, scope: readonly string[] | undefined): string {
  const command = COMMANDS[path];
  if (!command.startsWith('meshwise get ')) return command;
  const only = scope?.length === 1 ? scope[0] : undefined;
  return only === undefined ? `${command} -A` : `${command} -n ${shellWord(only)}`;
}

export function getCommand(kind: string, namespace: string, name: string): string {
  const place = namespace === '' ? '' : ` -n ${shellWord(namespace)}`;
  return `meshwise get ${shellWord(kind.toLowerCase())} ${shellWord(name)}${place} -o yaml`;
}

/** Quotes what a POSIX shell would take apart. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
