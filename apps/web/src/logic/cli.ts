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
  '/security': 'meshwise get access',
};

/** The command that shows what the page shows. One namespace narrows it; more than one has no flag, so all are listed. */
export function pageCommand(path: PagePath, scope: readonly string[] | undefined): string {
  const command = COMMANDS[path];
  if (!command.startsWith('meshwise get ')) return command;
  const only = scope?.length === 1 ? scope[0] : undefined;
  return only === undefined ? `${command} -A` : `${command} -n ${shellWord(only)}`;
}

/** Kinds whose bare name means that of another group. */
const SHADOWED: readonly string[] = ['Gateway.gateway.networking.k8s.io', 'TCPRoute.specs.smi-spec.io'];

/** A kind as commands take it: with its group where its name alone means another. */
export function kindWord(kind: string, group = ''): string {
  const full = `${kind}.${group}`;
  return SHADOWED.includes(full) ? full : kind;
}

export function getCommand(kind: string, namespace: string, name: string): string {
  const place = namespace === '' ? '' : ` -n ${shellWord(namespace)}`;
  return `meshwise get ${shellWord(kind.toLowerCase())} ${shellWord(name)}${place} -o yaml`;
}

/** Quotes what a POSIX shell would take apart. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
