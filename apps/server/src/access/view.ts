import type { AccessQuery, AccessRule, AccessView } from '@meshwise/api';
import type { AccessClient, AccessMatrix, AccessSummary, DecidingRule } from '@meshwise/model';
import { findClients, findServers } from './find.ts';

export const PLAIN_TEXT = 'plain text';
export const ANY_OTHER = 'any other identity';

/** The matrix in the words of the API. */
export function accessView({ clients, servers, summaries }: AccessMatrix): AccessView {
  return {
    clients: clients.map((client) => ({
      kind: client.kind,
      name: clientName(client),
      identity: spiffe(client.principal),
      workloads: [...client.workloads],
    })),
    servers: servers.map(({ role, namespace, name, principal, pods, ports }) => ({
      ...{ role, namespace, name, identity: spiffe(principal), pods: [...pods] },
      ports: ports.map(({ port, protocol, mutualTls, serviceHost, cells }) => ({
        ...{ port, protocol, mutualTls, cells: [...cells] },
        service: serviceName(serviceHost),
      })),
    })),
    summaries: summaries.map(summaryView),
    hasPolicies: servers.some(({ ports }) =>
      ports.some(({ security, mutualTls }) => security !== undefined || mutualTls === 'strict'),
    ),
  };
}

/** The part of it that is asked for, with the summaries that the part points at. */
export function narrowed(view: AccessView, { namespace, from, to, port }: AccessQuery): AccessView {
  const inNamespace = view.servers.filter((server) => namespace === undefined || server.namespace === namespace);
  const clients = findClients(view.clients, from);
  const chosen = new Set(clients);
  const columns = view.clients.flatMap((client, column) => (chosen.has(client) ? [column] : []));
  const used = new Map<number, number>();
  const indexOf = (cell: number) => {
    const index = used.get(cell) ?? used.size;
    used.set(cell, index);
    return index;
  };
  const servers = findServers(inNamespace, to)
    .map((server) => ({
      ...server,
      ports: server.ports
        .filter((own) => port === undefined || own.port === port)
        .map((own) => ({ ...own, cells: columns.map((column) => indexOf(own.cells[column] ?? -1)) })),
    }))
    .filter(({ ports }) => ports.length > 0);
  return {
    ...view,
    clients: [...clients],
    servers,
    summaries: [...used.keys()].flatMap((cell) => view.summaries[cell] ?? []),
  };
}

export function clientName({ kind, principal }: AccessClient): string {
  if (kind === 'plain') return PLAIN_TEXT;
  if (kind === 'other' || principal === undefined) return ANY_OTHER;
  const [, , namespace, , account] = principal.split('/');
  return `${namespace}/${account}`;
}

function spiffe(principal: string | undefined): string | null {
  return principal === undefined ? null : `spiffe://${principal}`;
}

/** `reviews.default.svc.cluster.local` as `default/reviews`. */
function serviceName(host: string | undefined): string | null {
  const [name, namespace] = host?.split('.') ?? [];
  return name === undefined || namespace === undefined ? null : `${namespace}/${name}`;
}

function summaryView({ verdict, reason, by, conditions }: AccessSummary): AccessView['summaries'][number] {
  return {
    ...{ verdict, reason, by: by.map(ruleView) },
    conditions: conditions.map(({ needs, authorizer, carried, rules }) => ({
      ...{ needs, authorizer: authorizer ?? null, carried: carried ?? null },
      rules: rules.map((rule) => ({ words: rule.words, rule: ruleView(rule) })),
    })),
  };
}

export function ruleView({ origin: { resource, field } }: DecidingRule): AccessRule {
  const { kind, namespace, name } = resource;
  return { object: { kind, namespace, name }, field: field ?? null };
}
