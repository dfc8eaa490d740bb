import {
  FieldReader,
  type Fragment,
  itemBase,
  type Residue,
  type ServiceItem,
  type ServicePort,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { declaredProtocol } from './protocol.ts';

/** core/v1 Service. Fields that are about how others reach it (node ports, load balancers) are not a mesh's business. */
export function readService(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const spec = FieldReader.of(resource, residues).object('spec');
  if (spec === undefined) return { items: [], residues };
  if (spec.string('type') === 'ExternalName') {
    spec.unsupported('externalName', 'is not followed: services of type ExternalName are not in the mesh yet');
    return { items: [], residues };
  }
  if (spec.string('sessionAffinity') === 'ClientIP') spec.unsupported('sessionAffinity', 'is not enforced');
  if (spec.string('internalTrafficPolicy') === 'Local') spec.unsupported('internalTrafficPolicy', 'is not enforced');
  spec.refuse('trafficDistribution');

  const isHeadless = spec.string('clusterIP') === 'None';
  const selector = spec.stringMap('selector');
  const item: ServiceItem = {
    ...itemBase(resource),
    kind: 'service',
    clusterIps: isHeadless ? [] : clusterIps(spec),
    ports: spec.list('ports').flatMap((port) => readPort(port, isHeadless)),
    ...(selector === undefined || Object.keys(selector).length === 0 ? {} : { selector }),
    publishNotReadyAddresses: spec.boolean('publishNotReadyAddresses') ?? false,
  };
  return { items: [item], residues };
}

function clusterIps(spec: FieldReader): readonly string[] {
  const all = spec.strings('clusterIPs') ?? [];
  const first = spec.string('clusterIP') ?? '';
  return (all.length > 0 ? all : [first]).filter((address) => address !== '' && address !== 'None');
}

function readPort(field: FieldReader, isHeadless: boolean): readonly ServicePort[] {
  const port = field.number('port');
  if (port === undefined) {
    field.invalid('port', 'is missing');
    return [];
  }
  const name = field.string('name') ?? '';
  const appProtocol = field.string('appProtocol');
  const transport = transportOf(field.string('protocol'));
  const declared = declaredProtocol(name, appProtocol, port);
  if (transport !== 'TCP') {
    field.info('protocol', `is ${transport}: the mesh leaves this port alone`);
  } else if (declared === undefined) {
    const by = appProtocol === undefined ? 'name' : 'appProtocol';
    field.info(by, 'declares no protocol; the port is treated as TCP, where Istio would look at the first bytes');
  }
  const protocol = transport === 'TCP' ? (declared ?? 'tcp') : 'tcp';
  if (transport === 'TCP' && protocol === 'tcp' && isHeadless) {
    field.unsupported(undefined, 'is a TCP port of a headless service: clients reach its endpoints without the mesh');
  }
  const targetPort = field.value === null ? undefined : targetPortOf(field);
  return [{ name, port, targetPort: targetPort ?? port, transport, protocol, origin: field.origin() }];
}

function targetPortOf(field: FieldReader): number | string | undefined {
  const value = (field.value as { readonly targetPort?: unknown }).targetPort;
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
  // Zero and '' are the unset values of Kubernetes' IntOrString.
  return (typeof value === 'number' || typeof value === 'string') && value !== 0 && value !== '' ? value : undefined;
}

function transportOf(protocol: string | undefined): ServicePort['transport'] {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}
