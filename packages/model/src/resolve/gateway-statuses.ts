import type { ListenerProblem } from '../model/gateway.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { Attachments } from './attachments.ts';
import { condition, type Fault, type WantedCondition } from './class-conditions.ts';
import { type ClassGateway, type ClassGateways, GATEWAY_API, nameOfGateway } from './class-gateways.ts';
import { type ClassListener, type ClassListeners, isServed } from './class-listeners.ts';
import type { ResolveContext } from './context.ts';

export interface GatewayStatusParts {
  readonly gateways: ClassGateways;
  readonly listeners: ClassListeners;
  readonly attachments: Attachments;
  readonly proxies: Query<[], readonly ProxyDescriptor[]>;
}

type Status = Readonly<Record<string, unknown>>;

/** The status of Gateways that are ours (`namespace/name`), as Gateway API's GatewayStatus words it. */
export function defineGatewayStatuses(
  { engine, items }: ResolveContext,
  { gateways, listeners, attachments, proxies }: GatewayStatusParts,
): Query<[name: string], Status> {
  const running = engine.query('gatewayProxies', () =>
    proxies()
      .filter(({ role }) => role === 'gateway')
      .map(({ namespace, labels }) => ({ namespace, labels })),
  );

  /** The Service of the gateway that is run for it (GEP-1762). */
  const clusterIps = ({ namespace, name, className }: ClassGateway): readonly string[] =>
    items
      .list('serviceByNamespace', namespace)
      .filter((service) => service.name === `${name}-${className}`)
      .flatMap((service) => service.clusterIps);

  const addressesOf = (gateway: ClassGateway): readonly { readonly type: string; readonly value: string }[] => {
    const { addresses = [] } = gateway;
    const isManual = gateways.servicesOf(nameOfGateway(gateway)) !== undefined;
    if (!isManual) return clusterIps(gateway).map((value) => ({ type: 'IPAddress', value }));
    return addresses.filter(({ type }) => type === 'Hostname').map(({ type, value }) => ({ type, value }));
  };

  const addressFault = (gateway: ClassGateway): Fault | undefined => {
    const services = gateways.servicesOf(nameOfGateway(gateway));
    const [first] = (gateway.addresses ?? []).filter(({ type }) => type === 'Hostname');
    if (services?.length === 0) {
      return { reason: 'AddressNotUsable', message: `there is no Service ${first?.value}` };
    }
    const ips = clusterIps(gateway);
    const other = (gateway.addresses ?? []).find(
      ({ type, value }) => type === 'IPAddress' && value !== '' && !ips.includes(value),
    );
    if (other !== undefined) {
      return {
        reason: 'AddressNotUsable',
        message: `${other.value} cannot be used: addresses are chosen by the platform`,
      };
    }
    if (services !== undefined || ips.length > 0) return undefined;
    return { reason: 'AddressNotAssigned', message: 'its Service has no address yet' };
  };

  const acceptance = (gateway: ClassGateway, all: readonly ClassListener[]): WantedCondition => {
    const foreign = (gateway.addresses ?? []).find(({ type }) => type !== 'Hostname' && type !== 'IPAddress');
    if (foreign !== undefined) {
      return condition('Accepted', {
        reason: 'UnsupportedAddress',
        message: `${foreign.type} is no type of address here`,
      });
    }
    const refused = all.filter((listener) => refusalOf(listener) !== undefined);
    if (refused.length === 0) return condition('Accepted', undefined);
    const good = all.filter((listener) => refusalOf(listener) === undefined);
    const message = `not served: ${namesOf(refused)}${good.length === 0 ? '' : `; served: ${namesOf(good)}`}`;
    return { type: 'Accepted', status: good.length === 0 ? 'False' : 'True', reason: 'ListenersNotValid', message };
  };

  const programming = (gateway: ClassGateway, accepted: WantedCondition, all: readonly ClassListener[]) => {
    if (accepted.status === 'False') return { reason: 'Invalid', message: accepted.message };
    if (!all.some(isServed)) return { reason: 'ListenersNotValid', message: 'no listener can be served' };
    const address = addressFault(gateway);
    if (address !== undefined) return address;
    const isRunning = running().some((proxy) => gateways.isServedBy(gateway, proxy));
    return isRunning ? undefined : { reason: 'Pending', message: 'no proxy runs for it yet' };
  };

  return engine.query('gatewayStatus', (name: string): Status => {
    const gateway = gateways.of(name);
    if (gateway === undefined) return {};
    const all = listeners(name);
    const accepted = acceptance(gateway, all);
    const fault = programming(gateway, accepted, all);
    const unresolved = all.filter((listener) => unresolvedOf(listener) !== undefined);
    const resolved: Fault | undefined =
      unresolved.length === 0
        ? undefined
        : { reason: 'ListenersNotResolved', message: `references of ${namesOf(unresolved)} are not resolved` };
    return {
      addresses: addressesOf(gateway),
      conditions: [accepted, condition('Programmed', fault), condition('ResolvedRefs', resolved)],
      listeners: all.map((listener) => ({
        name: listener.name,
        supportedKinds: listener.kinds.map((kind) => ({ group: GATEWAY_API, kind })),
        attachedRoutes: attachments.atListener(name, listener.name).length,
        conditions: listenerConditions(listener, fault),
      })),
    };
  });
}

function listenerConditions(listener: ClassListener, ofGateway: Fault | undefined): readonly WantedCondition[] {
  const { conflict } = listener;
  const refusal = refusalOf(listener);
  const unresolved = unresolvedOf(listener);
  const conflicted: WantedCondition =
    conflict === undefined
      ? { type: 'Conflicted', status: 'False', reason: 'NoConflicts', message: '' }
      : { type: 'Conflicted', status: 'True', reason: conflict, message: CONFLICTS[conflict] };
  const fault = isServed(listener)
    ? ofGateway
    : { reason: 'Invalid', message: (refusal ?? unresolved)?.message ?? 'it cannot be served' };
  return [
    condition('Accepted', refusal),
    condition('Programmed', fault),
    condition('ResolvedRefs', unresolved),
    conflicted,
  ];
}

const CONFLICTS = {
  HostnameConflict: 'another listener has the same port and hostname',
  ProtocolConflict: 'a listener of another protocol has the same port',
} as const;

/** Why a listener is not accepted. */
export function refusalOf({ conflict, problems }: ClassListener): Fault | undefined {
  if (conflict !== undefined) return { reason: conflict, message: CONFLICTS[conflict] };
  return faultOf(problems.find((problem) => problem.condition === 'Accepted'));
}

/** Which of its references leads nowhere. */
export function unresolvedOf({ problems, otherKinds }: ClassListener): Fault | undefined {
  const found = faultOf(problems.find((problem) => problem.condition === 'ResolvedRefs'));
  if (found !== undefined || otherKinds.length === 0) return found;
  return { reason: 'InvalidRouteKinds', message: `its protocol carries no ${otherKinds.join(', ')}` };
}

function faultOf(problem: ListenerProblem | undefined): Fault | undefined {
  return problem === undefined ? undefined : { reason: problem.reason, message: problem.message };
}

function namesOf(listeners: readonly ClassListener[]): string {
  return listeners.map(({ name }) => name).join(', ');
}
