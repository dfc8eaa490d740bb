import type { MeshModel } from '../mesh-model.ts';
import type { GatewayServerPlan, InboundPortPlan, MutualTlsMode, Protocol, SecurityPlan, ServerTls } from '../plan.ts';
import { type ProxyDescriptor, spiffeId } from '../proxy.ts';
import type { KnownClient } from './known-client.ts';
import type { GuardedPort } from './summarise.ts';

/** Who is told apart at a port: identities of the mesh, nobody, or those of certificates that are not the mesh's. */
type Admission = 'mesh' | 'nobody' | 'foreign';

export interface ServerPort extends GuardedPort {
  readonly admission: Admission;
  readonly serviceHost?: string;
}

/** What guards a port, of all pods for which it is the same. */
export interface GuardedServer {
  readonly role: 'sidecar' | 'gateway';
  readonly namespace: string;
  readonly name: string;
  /** `cluster.local/ns/default/sa/reviews`. */
  readonly principal?: string;
  /** `namespace/pod`; of a gateway the id of its proxy. */
  readonly pods: readonly string[];
  readonly ports: readonly ServerPort[];
}

export type NameOf = (proxy: ProxyDescriptor) => string;

export function principalOf(proxy: ProxyDescriptor): string | undefined {
  return proxy.identity === undefined ? undefined : spiffeId(proxy.identity).slice('spiffe://'.length);
}

/**
 * Everything that asks who comes: sidecars and gateways. Pods without sidecar ask nobody, and programs that are their own
 * proxies (gRPC) are only clients here.
 */
export function guardedServers(
  model: Pick<MeshModel, 'proxies' | 'inbound' | 'gateway'>,
  nameOf: NameOf,
): GuardedServer[] {
  const securities = new SameSecurity();
  const found = new Map<string, GuardedServer>();
  for (const proxy of model.proxies()) {
    if (proxy.role === 'node' || proxy.client !== undefined) continue;
    const { role, namespace } = proxy;
    const name = nameOf(proxy);
    const principal = principalOf(proxy);
    for (const { pod, ports } of portsOf(model, proxy, securities)) {
      const key = JSON.stringify([role, namespace, name, principal, ports.map((port) => portKey(port, securities))]);
      const known = found.get(key);
      if (known !== undefined) found.set(key, { ...known, pods: [...known.pods, pod] });
      else
        found.set(key, {
          role,
          namespace,
          name,
          ...(principal === undefined ? {} : { principal }),
          pods: [pod],
          ports,
        });
    }
  }
  return [...found.values()].sort(byName);
}

function byName(a: GuardedServer, b: GuardedServer): number {
  const text = ({ namespace, name }: GuardedServer) => `${namespace}/${name}`;
  return text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;
}

function portsOf(model: Pick<MeshModel, 'inbound' | 'gateway'>, proxy: ProxyDescriptor, securities: SameSecurity) {
  if (proxy.role === 'gateway') {
    const { servers, security } = model.gateway(proxy.id);
    const ports = servers.flatMap((server) => gatewayPorts(server, securities.of(security)));
    return [{ pod: proxy.id, ports }];
  }
  return model.inbound(proxy.id).map(({ workload, ports, security }) => ({
    pod: `${workload.namespace}/${workload.pod}`,
    ports: ports.map((port) => inboundPort(port, securities.of(security))),
  }));
}

function inboundPort(port: InboundPortPlan, security: SecurityPlan | undefined): ServerPort {
  const { tls, serviceHost, protocol } = port;
  return {
    ...{ port: port.port, protocol },
    ...(tls === undefined ? { mutualTls: port.mutualTls, admission: 'mesh' as const } : admissionOf(tls)),
    ...(serviceHost === undefined ? {} : { serviceHost }),
    ...(security === undefined ? {} : { security }),
  };
}

/** A port has an entry for each way in which it is entered. */
function gatewayPorts(server: GatewayServerPlan, security: SecurityPlan | undefined): ServerPort[] {
  const entry = (protocol: Protocol, tls?: ServerTls): ServerPort => ({
    ...{ port: server.port, protocol },
    ...(tls === undefined ? { mutualTls: 'disable', admission: 'nobody' } : admissionOf(tls)),
    ...(security === undefined ? {} : { security }),
  });
  if (server.protocol !== 'tls') return [entry(server.protocol)];
  const entries = [
    ...server.terminating.map(({ http, tls }) => entry(http === undefined ? 'tcp' : 'http', tls)),
    ...(server.passthrough.length === 0 ? [] : [entry('tls')]),
  ];
  const keys = entries.map(({ protocol, admission }) => `${protocol} ${admission}`);
  return entries.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

function admissionOf(tls: ServerTls): { readonly mutualTls: MutualTlsMode; readonly admission: Admission } {
  if (tls.isMesh === true) return { mutualTls: 'strict', admission: 'mesh' };
  if (tls.clientCertificate === 'none') return { mutualTls: 'disable', admission: 'nobody' };
  return { mutualTls: tls.clientCertificate === 'mutual' ? 'strict' : 'permissive', admission: 'foreign' };
}

/** A client as a port sees it. */
export function clientAt({ admission }: ServerPort, client: KnownClient): KnownClient {
  if (admission === 'mesh') return client;
  return { kind: admission === 'nobody' ? 'plain' : 'foreign' };
}

function portKey({ security, ...port }: ServerPort, securities: SameSecurity): string {
  return JSON.stringify([port, securities.numberOf(security)]);
}

/** Plans of equal content as one object, so that what is computed for one is computed once. */
class SameSecurity {
  readonly #byObject = new Map<SecurityPlan, SecurityPlan>();
  readonly #byText = new Map<string, SecurityPlan>();
  readonly #numbers = new Map<SecurityPlan, number>();

  of(security: SecurityPlan | undefined): SecurityPlan | undefined {
    if (security === undefined) return undefined;
    const known = this.#byObject.get(security);
    if (known !== undefined) return known;
    const text = JSON.stringify(security);
    const same = this.#byText.get(text) ?? security;
    this.#byText.set(text, same);
    this.#byObject.set(security, same);
    if (!this.#numbers.has(same)) this.#numbers.set(same, this.#numbers.size);
    return same;
  }

  numberOf(security: SecurityPlan | undefined): number {
    return security === undefined ? -1 : (this.#numbers.get(security) ?? -1);
  }
}
