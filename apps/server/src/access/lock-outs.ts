import {
  type AccessMatrix,
  type AccessPort,
  type AccessServer,
  accessMatrix,
  forBytes,
  type MeshModel,
  type ProxyDescriptor,
  workloadName,
} from '@meshwise/model';
import { keyText, type Resource, type ResourceKey } from '@meshwise/resources';
import type { ProposedChange } from '../operations/judge.ts';

/** Who cannot come any more, on the resource that says so. */
export interface LockOut {
  readonly key: ResourceKey;
  /** Of that resource; absent when all of it is the reason. */
  readonly field?: string;
  readonly message: string;
}

/** Kinds that say who may talk to whom. Others are not looked at, since plans of all workloads are a lot to ask for. */
const SAYS_WHO: ReadonlySet<string> = new Set([
  ...['AuthorizationPolicy', 'RequestAuthentication', 'PeerAuthentication'],
  ...['TrafficTarget', 'HTTPRouteGroup', 'TCPRoute'],
]);

/** Policies there hold for every namespace. */
const ROOT_NAMESPACE = 'istio-system';

/** Workloads and gateways that a change is looked at for. */
const MAX_COMPARED = 500;

/** Names in a sentence. */
const MAX_NAMED = 5;

export function saysWhoMayTalk(changes: readonly ProposedChange[]): boolean {
  return changes.some(({ key }) => SAYS_WHO.has(key.kind));
}

/** Compares who may come to which port before and after a change. Asked of a trial model, which has no proxies of its own. */
export class LockOuts {
  readonly #trial: MeshModel;
  readonly #live: Pick<MeshModel, 'proxies'>;
  readonly #changes: readonly ProposedChange[];
  readonly #compared: readonly ProxyDescriptor[];
  readonly #before: AccessMatrix;

  /** Before the change is done to the trial model. */
  constructor(trial: MeshModel, live: Pick<MeshModel, 'proxies'>, changes: readonly ProposedChange[]) {
    this.#trial = trial;
    this.#live = live;
    this.#changes = changes.filter(({ key }) => SAYS_WHO.has(key.kind));
    this.#compared = concerned(live.proxies(), this.#changes);
    this.#before = this.#matrix();
  }

  /** After it has been done. */
  found(): readonly LockOut[] {
    const after = this.#matrix();
    const outsiders = this.#live
      .proxies()
      .filter(({ role }) => role === 'node')
      .flatMap((proxy) =>
        proxy.workloads.map((one) => `${one.namespace}/${workloadName({ ...proxy, workloads: [one] })}`),
      );
    const before = new Map(portsOf(this.#before).map((place) => [place.id, place]));
    const closed = new Map<string, Closed>();
    for (const place of portsOf(after)) {
      const was = before.get(place.id);
      if (was === undefined) continue;
      const lost = after.clients.filter((_, client) => was.isOpenTo(client) && !place.isOpenTo(client));
      const isClosed = lost.length > 0 && after.clients.every((_, client) => !place.isOpenTo(client));
      const losesPlain = outsiders.length > 0 && lost.some(({ kind }) => kind === 'plain');
      if (!isClosed && !losesPlain) continue;
      const { key, field } = this.#reasonOf(place);
      const id = JSON.stringify([keyText(key), isClosed]);
      const found = closed.get(id) ?? {
        key,
        fields: new Set(),
        isClosed,
        places: [],
        workloads: new Set(),
        hints: new Set(),
      };
      closed.set(id, found);
      found.fields.add(field);
      found.places.push(place.name);
      for (const hint of hintsAt(place.port)) found.hints.add(hint);
      // Whoever comes to a gateway is nobody that is known here.
      if (place.role === 'gateway') continue;
      const inside = isClosed ? lost.flatMap(({ workloads }) => workloads) : [];
      const outside = lost.some(({ kind }) => kind === 'plain') ? outsiders : [];
      for (const workload of [...inside, ...outside]) found.workloads.add(workload);
    }
    return [...closed.values()].map(lockOut);
  }

  #matrix(): AccessMatrix {
    const own = new Set(this.#compared.map(({ id }) => id));
    for (const proxy of this.#compared) this.#trial.setProxy(proxy);
    try {
      return accessMatrix({
        proxies: () => this.#live.proxies(),
        inbound: (id) => (own.has(id) ? this.#trial.inbound(id) : []),
        gateway: (id) => (own.has(id) ? this.#trial.gateway(id) : { servers: [] }),
      });
    } finally {
      for (const { id } of this.#compared) this.#trial.removeProxy(id);
    }
  }

  /** The changed policy that closes a port; where it is one that was deleted, that one. */
  #reasonOf(place: Place): { readonly key: ResourceKey; readonly field: string | undefined } {
    const changed = new Map(this.#changes.map(({ key }) => [keyText(key), key]));
    for (const { origin } of place.deciding) {
      const key = changed.get(keyText(origin.resource));
      if (key !== undefined) return { key, field: origin.field };
    }
    const near = this.#changes.find(({ key }) => key.namespace === place.namespace) ?? this.#changes[0];
    return { key: near?.key ?? { group: '', kind: '', namespace: '', name: '' }, field: undefined };
  }
}

/** One proxy for each workload of the namespaces that changed policies are for; all in the root namespace. */
function concerned(
  proxies: readonly ProxyDescriptor[],
  changes: readonly ProposedChange[],
): readonly ProxyDescriptor[] {
  const namespaces = new Set(changes.flatMap(namespacesOf));
  const isEverywhere = namespaces.has(ROOT_NAMESPACE);
  const chosen = new Map<string, ProxyDescriptor>();
  for (const proxy of proxies) {
    if (proxy.role === 'node' || !(isEverywhere || namespaces.has(proxy.namespace))) continue;
    const id = `${proxy.role} ${proxy.namespace}/${workloadName(proxy)}`;
    if (chosen.size < MAX_COMPARED && !chosen.has(id)) chosen.set(id, proxy);
  }
  return [...chosen.values()];
}

/** Of a policy its own; older versions of SMI's TrafficTarget name that of whom they protect. */
function namespacesOf({ key, before, after }: ProposedChange): readonly string[] {
  return [key.namespace, ...[before, after].flatMap((resource) => destinationNamespace(resource) ?? [])];
}

function destinationNamespace(resource: Resource | undefined): string | undefined {
  const { spec, destination } = (resource ?? {}) as Record<string, { destination?: unknown } | undefined>;
  const { namespace } = (spec?.destination ?? destination ?? {}) as { readonly namespace?: unknown };
  return typeof namespace === 'string' ? namespace : undefined;
}

interface Closed {
  readonly key: ResourceKey;
  readonly fields: Set<string | undefined>;
  /** To everybody, not only to plain text. */
  readonly isClosed: boolean;
  readonly places: string[];
  readonly workloads: Set<string>;
  readonly hints: Set<string>;
}

interface Place {
  readonly id: string;
  readonly role: AccessServer['role'];
  readonly namespace: string;
  /** `reviews.default:9080`. */
  readonly name: string;
  readonly port: AccessPort;
  readonly deciding: AccessMatrix['summaries'][number]['by'];
  isOpenTo(client: number): boolean;
}

function portsOf({ servers, summaries }: AccessMatrix): readonly Place[] {
  return servers.flatMap((server) =>
    server.ports.map((port) => ({
      id: `${server.role} ${server.namespace}/${server.name} ${port.port} ${port.admission}`,
      role: server.role,
      namespace: server.namespace,
      name: placeName(server, port),
      port,
      deciding: [...new Set(port.cells)].flatMap((cell) => summaries[cell]?.by ?? []),
      isOpenTo: (client: number) => summaries[port.cells[client] ?? -1]?.verdict !== 'refused',
    })),
  );
}

function placeName({ namespace, name }: AccessServer, { port }: AccessPort): string {
  return `${name}.${namespace}:${port}`;
}

/** Why rules do not hold that look as if they did. */
function hintsAt({ security, protocol, mutualTls }: AccessPort): readonly string[] {
  const rules = (allow: readonly (readonly { readonly rules: readonly unknown[] }[])[] = []) =>
    allow.flat().flatMap((policy) => policy.rules).length;
  const asked = rules(security?.authorization?.allow);
  const isBytes = protocol === 'tcp' || protocol === 'tls';
  const holding = isBytes ? rules(forBytes(security ?? {}).authorization?.allow) : asked;
  return [
    ...(asked > 0 && holding === 0 ? ['rules about requests never hold on a port that is not declared as HTTP'] : []),
    ...(asked > 0 && mutualTls === 'disable' ? ['nobody has an identity where mutual TLS is disabled'] : []),
  ];
}

function lockOut({ key, fields, isClosed, places, workloads, hints }: Closed): LockOut {
  const [field, another] = [...fields];
  const where = named(places);
  const who =
    workloads.size === 0
      ? ''
      : `; ${workloads.size} ${workloads.size === 1 ? 'workload is' : 'workloads are'} locked out: ${named([...workloads].sort())}`;
  const what = isClosed
    ? `after this nobody may call ${where}`
    : `after this ${where} ${places.length === 1 ? 'takes' : 'take'} no plain text`;
  const why = hints.size === 0 ? '' : ` (${[...hints].join('; ')})`;
  return { key, ...(field === undefined || another !== undefined ? {} : { field }), message: `${what}${why}${who}` };
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).join(', ');
  return names.length > MAX_NAMED ? `${shown} and ${names.length - MAX_NAMED} more` : shown;
}
