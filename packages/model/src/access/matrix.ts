import type { MeshModel } from '../mesh-model.ts';
import type { SecurityPlan } from '../plan.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { KnownClient } from './known-client.ts';
import { clientAt, type GuardedServer, guardedServers, type NameOf, principalOf, type ServerPort } from './servers.ts';
import { summariser } from './summarise.ts';
import type { AccessSummary } from './summary.ts';
import { workloadName } from './workload-name.ts';

/** Whoever may ask: an identity, anybody in plain text, or any identity of the mesh that nothing runs with. */
export interface AccessClient {
  readonly kind: 'identity' | 'plain' | 'other';
  /** `cluster.local/ns/default/sa/productpage`; only of an identity. */
  readonly principal?: string;
  /** `namespace/name` of what runs with it. */
  readonly workloads: readonly string[];
}

export interface AccessPort extends ServerPort {
  /** For each client the index of what holds for it. */
  readonly cells: readonly number[];
}

export interface AccessServer extends Omit<GuardedServer, 'ports'> {
  readonly ports: readonly AccessPort[];
}

/** What every workload may do at every other, as the plans say it. */
export interface AccessMatrix {
  readonly clients: readonly AccessClient[];
  readonly servers: readonly AccessServer[];
  readonly summaries: readonly AccessSummary[];
}

export interface AccessMatrixOptions {
  /** What people call the workload of a proxy. Default: what its pod says of itself. */
  readonly nameOf?: NameOf;
}

/**
 * The matrix of clients and servers. What it says of a cell holds for every request (see `summarise`), provided that
 * clients with a sidecar use mutual TLS wherever the server takes it, as they do unless a DestinationRule forbids it.
 */
export function accessMatrix(
  model: Pick<MeshModel, 'proxies' | 'inbound' | 'gateway'>,
  { nameOf = workloadName }: AccessMatrixOptions = {},
): AccessMatrix {
  const clients = clientsOf(model.proxies(), nameOf);
  const principals = new Set(clients.flatMap(({ principal }) => principal ?? []));
  const known = clients.map(({ kind, principal }): KnownClient => {
    if (kind === 'other') return { kind, isNone: principals };
    return principal === undefined ? { kind: 'plain' } : { kind: 'identity', principal };
  });
  const summaries = new Summaries();
  const servers = guardedServers(model, nameOf).map((server) => ({
    ...server,
    ports: server.ports.map((port) => ({ ...port, cells: summaries.cellsOf(port, known) })),
  }));
  return { clients, servers, summaries: summaries.all };
}

function clientsOf(proxies: readonly ProxyDescriptor[], nameOf: NameOf): readonly AccessClient[] {
  const names = new Map<string, Set<string>>();
  for (const proxy of proxies) {
    const principal = principalOf(proxy);
    if (principal === undefined) continue;
    const known = names.get(principal) ?? new Set();
    names.set(principal, known.add(`${proxy.namespace}/${nameOf(proxy)}`));
  }
  const identities = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...identities.map(([principal, workloads]) => ({
      kind: 'identity' as const,
      principal,
      workloads: [...workloads].sort(),
    })),
    { kind: 'other', workloads: [] },
    { kind: 'plain', workloads: [] },
  ];
}

/** What has been said, each once; rows of equal ports are the same list. */
class Summaries {
  readonly all: AccessSummary[] = [];
  readonly #byText = new Map<string, number>();
  readonly #byObject = new Map<AccessSummary, number>();
  readonly #rows = new Map<SecurityPlan | undefined, Map<string, readonly number[]>>();

  cellsOf(port: ServerPort, clients: readonly KnownClient[]): readonly number[] {
    const rows = this.#rows.get(port.security) ?? new Map<string, readonly number[]>();
    this.#rows.set(port.security, rows);
    const key = [port.port, port.protocol, port.mutualTls, port.admission].join(' ');
    const known = rows.get(key);
    if (known !== undefined) return known;
    const summarise = summariser(port);
    const row = clients.map((client) => this.#indexOf(summarise(clientAt(port, client))));
    rows.set(key, row);
    return row;
  }

  #indexOf(summary: AccessSummary): number {
    const same = this.#byObject.get(summary);
    if (same !== undefined) return same;
    const by = summary.by.map(({ policy, origin }) => `${policy} ${origin.field ?? ''}`);
    // The reason says what the conditions are.
    const text = [summary.verdict, summary.reason, ...by].join('\n');
    const index = this.#byText.get(text) ?? this.all.push(summary) - 1;
    this.#byText.set(text, index);
    this.#byObject.set(summary, index);
    return index;
  }
}
