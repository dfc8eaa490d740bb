import type {
  GatewayPlan,
  GatewayServerPlan,
  GlobalRateLimit,
  HttpPortPlan,
  InboundPlan,
  InboundPortPlan,
  OutboundPlan,
  SecurityPlan,
  TelemetryPlan,
  VirtualHostPlan,
} from '@meshwise/model';
import { defined } from '@meshwise/model';
import type { VerdictSource } from '../validate/verdicts.ts';
import { type ScreenReport, unchecked } from './report.ts';
import { risksOf } from './risks.ts';
import { screenedHosts } from './screen-routes.ts';
import { type Held, screenedSecurity } from './screen-security.ts';

/** The plans without what Envoy would refuse; the plan itself when there is nothing of the kind, which is nearly always. */
export function screenedOutbound(
  plan: OutboundPlan,
  before: OutboundPlan | undefined,
  verdicts: VerdictSource,
  report: ScreenReport,
): OutboundPlan {
  const known = new Map(before?.httpPorts.map((port) => [nameOf(port), port.virtualHosts]));
  const httpPorts = sameOr(plan.httpPorts, (port) =>
    withHosts(port, screenedHosts(port.virtualHosts, known.get(nameOf(port)), verdicts, report)),
  );
  const telemetry = screenedTelemetry(plan.telemetry, verdicts, report);
  if (httpPorts === plan.httpPorts && telemetry === plan.telemetry) return plan;
  return { ...plan, httpPorts, ...(telemetry === undefined ? {} : { telemetry }) };
}

export function screenedGateway(
  plan: GatewayPlan,
  before: GatewayPlan | undefined,
  verdicts: VerdictSource,
  report: ScreenReport,
): GatewayPlan {
  const known = new Map(before?.servers.flatMap(hostsByRoutes));
  const screen = (routeName: string, hosts: readonly VirtualHostPlan[]) =>
    screenedHosts(hosts, known.get(routeName), verdicts, report);
  const servers = sameOr(plan.servers, (server): GatewayServerPlan => {
    if (server.protocol === 'http') return withHosts(server, screen(server.routeName, server.virtualHosts));
    if (server.protocol !== 'tls') return server;
    const terminating = sameOr(server.terminating, (chain) => {
      if (chain.http === undefined) return chain;
      const http = withHosts(chain.http, screen(chain.http.routeName, chain.http.virtualHosts));
      return http === chain.http ? chain : { ...chain, http };
    });
    return terminating === server.terminating ? server : { ...server, terminating };
  });
  const telemetry = screenedTelemetry(plan.telemetry, verdicts, report);
  const security = screened(plan.security, before, verdicts, report);
  if (servers === plan.servers && telemetry === plan.telemetry && security === plan.security) return plan;
  return { ...plan, servers, ...defined({ telemetry, security }) };
}

function screened(
  plan: SecurityPlan | undefined,
  before: Held | undefined,
  verdicts: VerdictSource,
  report: ScreenReport,
) {
  return plan === undefined ? undefined : screenedSecurity(plan, before, verdicts, report);
}

/** Rate limits of a workload whose conditions are refused, or not known to be right yet, do not count. */
export function screenedInbound(
  plan: InboundPlan,
  before: Held | undefined,
  verdicts: VerdictSource,
  report: ScreenReport,
): InboundPlan {
  const ports = sameOr(plan.ports, (port): InboundPortPlan => {
    const { globalRateLimits } = port;
    const held = globalRateLimits?.filter((limit) => isHeld(limit, verdicts, report));
    return held === undefined || held.length === globalRateLimits?.length ? port : { ...port, globalRateLimits: held };
  });
  const telemetry = screenedTelemetry(plan.telemetry, verdicts, report);
  const security = screened(plan.security, before, verdicts, report);
  if (ports === plan.ports && telemetry === plan.telemetry && security === plan.security) return plan;
  return { ...plan, ports, ...defined({ telemetry, security }) };
}

function isHeld(limit: GlobalRateLimit, verdicts: VerdictSource, report: ScreenReport): boolean {
  return risksOf(limit).every((unit) => {
    const verdict = verdicts.of(unit);
    report.heed(verdict);
    if (verdict.status === 'undecided') report.say(limit.origin, 'invalid', unchecked('does not count', verdict));
    if (verdict.status === 'refused') report.say(limit.origin, 'invalid', `does not count: ${verdict.message}`);
    return verdict.status === 'accepted' || verdict.status === 'unavailable';
  });
}

/** A log whose filter is refused, or not known to be right yet, is not written. */
export function screenedTelemetry(
  plan: TelemetryPlan | undefined,
  verdicts: VerdictSource,
  report: ScreenReport,
): TelemetryPlan | undefined {
  if (plan === undefined || !plan.accessLogs.some(({ filter }) => filter !== undefined)) return plan;
  const accessLogs = plan.accessLogs.filter(({ filter, origin }) => {
    if (filter === undefined) return true;
    const verdict = verdicts.of({ kind: 'expression', text: filter });
    report.heed(verdict);
    if (verdict.status === 'undecided') report.say(origin, 'invalid', unchecked('this log is not written', verdict));
    if (verdict.status === 'refused') report.say(origin, 'invalid', `this log is not written: ${verdict.message}`);
    return verdict.status === 'accepted' || verdict.status === 'unavailable';
  });
  return accessLogs.length === plan.accessLogs.length ? plan : { ...plan, accessLogs };
}

function nameOf(port: HttpPortPlan): string {
  return port.routeName ?? String(port.port);
}

function hostsByRoutes(server: GatewayServerPlan): readonly (readonly [string, readonly VirtualHostPlan[]])[] {
  if (server.protocol === 'http') return [[server.routeName, server.virtualHosts]];
  if (server.protocol !== 'tls') return [];
  return server.terminating.flatMap(({ http }) => (http === undefined ? [] : [[http.routeName, http.virtualHosts]]));
}

function withHosts<T extends { readonly virtualHosts: readonly VirtualHostPlan[] }>(
  plan: T,
  virtualHosts: readonly VirtualHostPlan[],
): T {
  return virtualHosts === plan.virtualHosts ? plan : { ...plan, virtualHosts };
}

function sameOr<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  const next = list.map(change);
  return next.every((item, index) => item === list[index]) ? list : next;
}
