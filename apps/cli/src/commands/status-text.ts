import type { StatusView, Traffic } from '@meshwise/api';
import { type Cell, clean, table } from '../output/table.ts';
import { type Paint, toneOf } from '../output/tone.ts';
import { age, bytes, figure } from '../output/units.ts';
import { proxyName } from './find-proxies.ts';

/** The status as a page of tables: summary first, then each kind of thing; sections without rows say so. */
export function statusText(status: StatusView, nowMs: number, paint: Paint): string {
  const sections = [
    summary(status, nowMs, paint),
    section(
      'Services',
      ['NAMESPACE', 'NAME', 'HEALTH', 'ENDPOINTS', 'RPS', 'ERRORS', 'P99', 'REASON'],
      serviceRows(status),
      paint,
    ),
    section(
      'Workloads',
      ['NAMESPACE', 'NAME', 'KIND', 'HEALTH', 'PODS', 'SIDECAR', 'REASON'],
      workloadRows(status),
      paint,
    ),
    section(
      'Proxies',
      ['PROXY', 'ROLE', 'PROCESS', 'SYNCED', 'IDENTITY', 'RESTARTS', 'RPS', 'CPU', 'MEMORY'],
      proxyRows(status),
      paint,
    ),
    section(
      'Gateways',
      ['NAMESPACE', 'NAME', 'HOSTS', 'ADDRESS', 'ROUTES', 'HEALTH', 'REASON'],
      gatewayRows(status),
      paint,
    ),
    section('Conditions', ['SEVERITY', 'OBJECT', 'FIELD', 'MESSAGE'], conditionRows(status), paint),
  ];
  return sections.join('\n');
}

function summary(status: StatusView, nowMs: number, paint: Paint): string {
  const { mesh, addresses, daemon } = status;
  const measured = age(status.measuredAt, nowMs);
  const facts: readonly (readonly [string, string | null])[] = [
    ['State', paint(status.state, toneOf(status.state))],
    ['Mesh', `${mesh.name}, trust domain ${mesh.trustDomain}`],
    ['Capture', `${mesh.capture}${mesh.rootless ? ', rootless' : ''}`],
    ['Sample', mesh.sample ?? 'none'],
    ['Envoy', mesh.envoyVersion],
    ['Gateway', addresses.gateway],
    ['Interface', addresses.ui],
    ['API', addresses.api],
    ['Daemon', `pid ${daemon.pid}, up ${age(daemon.startedAt, nowMs) ?? 'unknown'}, version ${status.version}`],
    ['Measured', measured === null ? 'not yet' : `${measured} ago`],
  ];
  const lines = facts.map(([name, value]) => `${`${name}:`.padEnd(12)}${value ?? paint('unknown', 'quiet')}\n`);
  const notes = mesh.notes.map((note) => `${paint('Note:', 'warn')}       ${clean(note)}\n`);
  return [...lines, ...notes].join('');
}

function section(title: string, headings: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string {
  const head = paint(`${title} (${rows.length})`, 'head');
  return rows.length === 0 ? `${head}\n` : `${head}\n${table(headings, rows, paint)}`;
}

const rate = (traffic: Traffic) => figure(traffic.requestsPerSecond, '');

function serviceRows(status: StatusView): Cell[][] {
  return status.services.map((service) => [
    service.namespace,
    service.name,
    service.health,
    `${service.endpointsReady}/${service.endpointsTotal}`,
    rate(service.traffic),
    figure(service.traffic.errorPercent, '%'),
    figure(service.traffic.latencyP99Ms, 'ms'),
    service.reason,
  ]);
}

function workloadRows(status: StatusView): Cell[][] {
  return status.workloads.map((workload) => [
    workload.namespace,
    workload.name,
    workload.kind,
    workload.health,
    `${workload.podsReady}/${workload.podsDesired}`,
    // Having none is a choice, not a failure: no tone.
    { text: workload.injected ? 'yes' : 'no', tone: 'plain' },
    workload.reason,
  ]);
}

function proxyRows(status: StatusView): Cell[][] {
  return status.proxies.map((proxy) => [
    proxyName(proxy),
    proxy.role,
    proxy.attached === undefined ? proxy.process : 'attached',
    proxy.synced ? 'yes' : 'no',
    proxy.identity,
    proxy.restarts,
    rate(proxy.traffic),
    figure(proxy.use.cpuMillicores, 'm', 0),
    bytes(proxy.use.memoryBytes),
  ]);
}

function gatewayRows(status: StatusView): Cell[][] {
  return status.gateways.map((gateway) => [
    gateway.namespace,
    gateway.name,
    gateway.hosts.join(','),
    gateway.address,
    gateway.routes,
    gateway.health,
    gateway.reason,
  ]);
}

function conditionRows(status: StatusView): Cell[][] {
  return status.conditions.map(({ severity, object, field, message }) => [
    severity,
    `${object.kind} ${object.namespace === '' ? '' : `${object.namespace}/`}${object.name}`,
    field,
    message,
  ]);
}
