import type { FieldPath } from '../field-path.ts';
import type { ServiceSpec } from '../kinds/service.ts';
import type { DeploymentSpec } from '../kinds/workloads.ts';
import { isPortName } from '../names.ts';
import { shown } from '../problem.ts';
import { groupOf, type Resource } from '../resource.ts';
import { checkAuthorizationPolicy } from './authorization-policy-rules.ts';
import type { Finding } from './finding.ts';
import { checkGatewayApi } from './gateway-api-rules.ts';
import { checkRequestAuthentication } from './request-authentication-rules.ts';
import { checkSmi } from './smi-rules.ts';
import { checkTrafficShift } from './traffic-shift-rules.ts';

type Report = (finding: Finding) => void;

/** What a schema cannot say because it concerns several fields. Each rule is one that the API server enforces too. */
export function checkRules(resource: Resource, report: Report): void {
  const spec = resource.spec;
  const group = groupOf(resource.apiVersion);
  if (group.endsWith('.smi-spec.io')) checkSmi(resource, report);
  if (typeof spec !== 'object' || spec === null) return;
  checkGatewayApi(resource, report);
  if (group === '' && resource.kind === 'Service') checkService(spec as ServiceSpec, report);
  if (group === 'apps') checkSelector(spec as DeploymentSpec, report);
  if (group === 'security.istio.io' && resource.kind === 'AuthorizationPolicy') checkAuthorizationPolicy(spec, report);
  if (group === 'security.istio.io' && resource.kind === 'RequestAuthentication')
    checkRequestAuthentication(spec, report);
  if (group === 'meshwise.dev' && resource.kind === 'TrafficShift') checkTrafficShift(spec, report);
}

/** Ports of a Service with several ports need names; a Service other than ExternalName needs a port. */
function checkService(spec: ServiceSpec, report: Report): void {
  const ports = Array.isArray(spec.ports) ? (spec.ports as NonNullable<ServiceSpec['ports']>) : [];
  if (spec.type === 'ExternalName') {
    if (!spec.externalName)
      report(error(['spec', 'externalName'], 'An ExternalName Service needs this field', 'nothing', 'a host name'));
    return;
  }
  if (ports.length === 0 && spec.clusterIP !== 'None') {
    report(error(['spec', 'ports'], 'A Service needs a port', 'none', 'at least one port'));
  }
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    if (typeof port !== 'object' || port === null) continue;
    const path = ['spec', 'ports', index];
    if (ports.length > 1 && !port.name)
      report(error([...path, 'name'], 'Each of several ports needs a name', 'nothing', 'a name'));
    if (port.name !== undefined && names.has(port.name)) {
      report(error([...path, 'name'], 'Another port has this name', shown(port.name), 'a name of its own'));
    }
    if (port.name !== undefined) names.add(port.name);
    checkTargetPort(port.targetPort, [...path, 'targetPort'], report);
  }
}

function checkTargetPort(target: unknown, path: FieldPath, report: Report): void {
  if (typeof target === 'number' && Number.isInteger(target) && (target < 1 || target > 65535)) {
    report(error(path, 'The value does not fit', shown(target), 'a port from 1 to 65535, or the name of a port'));
  }
  if (typeof target === 'string' && !isPortName(target)) {
    report(error(path, 'The value does not fit', shown(target), 'a port from 1 to 65535, or the name of a port'));
  }
}

/** The selector of a workload must choose its own pods, or it would make new ones for ever. */
function checkSelector(spec: DeploymentSpec, report: Report): void {
  const wanted = spec.selector?.matchLabels;
  const labels = spec.template?.metadata?.labels ?? {};
  if (wanted === undefined || wanted === null || typeof wanted !== 'object' || typeof labels !== 'object') return;
  for (const [key, value] of Object.entries(wanted)) {
    if (labels[key] === value) continue;
    const path = ['spec', 'template', 'metadata', 'labels', key];
    report(error(path, 'The template lacks a label that the selector asks for', shown(labels[key]), shown(value)));
  }
}

function error(path: FieldPath, message: string, found: string, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message, path, found, expected };
}
