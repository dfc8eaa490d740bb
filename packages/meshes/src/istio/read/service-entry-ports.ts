import type { FieldReader, ServicePort } from '@meshwise/model';
import { PORTS, readWhole } from './numbers.ts';
import { protocolOfPort } from './port-protocol.ts';
import type { Resolution } from './service-entry-resolution.ts';

/** `ports` of a ServiceEntry. */
export function readServicePorts(
  spec: FieldReader,
  resolution: Resolution,
  hosts: readonly string[],
): readonly ServicePort[] {
  const ports = new Map<number, ServicePort>();
  for (const field of spec.list('ports')) {
    const port = readPort(field, resolution);
    if (port === undefined) continue;
    if (ports.has(port.port)) field.invalid('number', `is there twice: the first port ${port.port} holds`);
    else ports.set(port.port, port);
  }
  const list = [...ports.values()];
  // Nothing in the bytes says which of the hosts is meant (Istio's validation).
  if (
    resolution !== 'NONE' &&
    hosts.length > 1 &&
    list.some(({ protocol }) => protocol === 'tcp' || protocol === 'auto')
  ) {
    spec.invalid('ports', 'carry neither HTTP nor TLS, so several hosts cannot be told apart');
  }
  return list;
}

function readPort(field: FieldReader, resolution: Resolution): ServicePort | undefined {
  const port = readWhole(field, 'number', PORTS);
  if (port === undefined) {
    field.invalid('number', 'is no port');
    return undefined;
  }
  const text = field.string('protocol');
  const name = field.string('name') ?? '';
  const targetPort = readWhole(field, 'targetPort', { from: 0, to: PORTS.to }) ?? 0;
  field.rest();
  if (text?.toUpperCase() === 'UDP') {
    field.info('protocol', 'is UDP: the mesh leaves this port alone');
    return { name, port, targetPort: port, transport: 'UDP', protocol: 'tcp', origin: field.origin() };
  }
  const protocol = protocolOfPort(text);
  if (protocol === undefined) field.invalid('protocol', 'is none that Istio knows; the port is treated as TCP');
  if (resolution === 'DYNAMIC_DNS' && (protocol === 'tcp' || protocol === 'auto')) {
    field.invalid('protocol', 'must be HTTP, HTTP2, GRPC or TLS with resolution DYNAMIC_DNS: other bytes name no host');
    return undefined;
  }
  const isOther = targetPort > 0 && targetPort !== port;
  if (resolution === 'DYNAMIC_DNS' && isOther) {
    field.unsupported('targetPort', 'is not used with resolution DYNAMIC_DNS: the request says the port with the host');
  }
  return {
    name,
    port,
    targetPort: isOther && resolution !== 'DYNAMIC_DNS' ? targetPort : port,
    transport: 'TCP',
    protocol: protocol ?? 'tcp',
    origin: field.origin(),
  };
}
