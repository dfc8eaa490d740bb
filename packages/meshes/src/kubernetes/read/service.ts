import {
  FieldReader,
  type Fragment,
  itemBase,
  type Residue,
  type ServiceItem,
  type ServicePort,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { declaredProtocol, declaresUdp } from './protocol.ts';

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
    ...exportToOf(resource),
    publishNotReadyAddresses: spec.boolean('publishNotReadyAddresses') ?? false,
  };
  return { items: [item], residues };
}

/** Istio's way to say for a Service what `exportTo` says for its own kinds: names of namespaces, separated by commas. */
const EXPORT_TO = 'networking.istio.io/exportTo';

function exportToOf({ metadata }: Resource): Pick<ServiceItem, 'exportTo'> {
  const names = (metadata.annotations?.[EXPORT_TO] ?? '').split(',').map((name) => name.trim());
  const exportTo = names.filter((name) => name !== '');
  return exportTo.length === 0 ? {} : { exportTo };
}

function clusterIps(spec: FieldReader): readonly string[] {
  const all = spec.strings('clusterIPs') ?? [];
  const first = spec.string('clusterIP') ?? '';
  return (all.length > 0 ? all : [first]).filter((address) => address !== '' && address !== 'None');
}

const readsHttp: readonly ServicePort['protocol'][] = ['http', 'http2', 'grpc'];

function readPort(field: FieldReader, isHeadless: boolean): readonly ServicePort[] {
  const port = field.number('port');
  if (port === undefined) {
    field.invalid('port', 'is missing');
    return [];
  }
  const name = field.string('name') ?? '';
  const appProtocol = field.string('appProtocol');
  const transport = declaresUdp(name, appProtocol) ? 'UDP' : transportOf(field.string('protocol'));
  const declared = declaredProtocol(name, appProtocol, port);
  if (transport !== 'TCP') {
    field.info('protocol', `is ${transport}: the mesh leaves this port alone`);
  } else if (declared === undefined) {
    const by = appProtocol === undefined ? 'name' : 'appProtocol';
    field.info(by, 'declares no protocol: the first bytes show it, and a server that speaks first is waited for');
  }
  const protocol = transport === 'TCP' ? (declared ?? 'auto') : 'tcp';
  if (transport === 'TCP' && isHeadless && !readsHttp.includes(protocol)) {
    field.unsupported(undefined, 'is no HTTP port of a headless service: clients reach its endpoints without the mesh');
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
