import {
  FieldReader,
  type Fragment,
  type GatewayItem,
  type GatewayServer,
  itemBase,
  type Residue,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readServerTls } from './gateway-tls.ts';
import { readHosts } from './hosts.ts';

/** Istio's protocols of a server port (Istio, "Port") as what a gateway does with their connections. */
const protocols: Readonly<Record<string, GatewayServer['protocol']>> = {
  HTTP: 'http',
  HTTP2: 'http',
  GRPC: 'http',
  'GRPC-WEB': 'http',
  HTTPS: 'https',
  TLS: 'tls',
  TCP: 'tcp',
  MONGO: 'tcp',
  MYSQL: 'tcp',
  REDIS: 'tcp',
};

/** networking.istio.io Gateway. A server that cannot be served as it is meant is reported and left out. */
export function readGateway(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const base = itemBase(resource);
  const item: GatewayItem = {
    ...base,
    kind: 'gateway',
    selector: spec?.stringMap('selector') ?? {},
    servers: (spec?.list('servers') ?? []).flatMap((field) => readServer(field, base.namespace) ?? []),
  };
  spec?.rest();
  root.rest();
  return { items: [item], residues };
}

function readServer(field: FieldReader, namespace: string): GatewayServer | undefined {
  const portField = field.object('port');
  const port = portField?.number('number');
  const written = portField?.string('protocol')?.toUpperCase() ?? '';
  const portName = portField?.string('name') ?? '';
  if (port === undefined || written === '') {
    field.invalid('port', 'needs a number and a protocol');
    return undefined;
  }
  const protocol = Object.hasOwn(protocols, written) ? protocols[written] : undefined;
  if (protocol === undefined) {
    portField?.unsupported('protocol', `${written} is not served`);
    return undefined;
  }
  const hosts = readHosts(field, { prefixed: true });
  if (hosts.length === 0) field.invalid('hosts', 'is empty: the server serves nothing');
  // Serving everywhere what is meant for one address would open it to others.
  if (!isAnyAddress(field.string('bind'))) {
    field.unsupported('bind', 'is not obeyed: a gateway listens where the platform placed it; the server is left out');
    return undefined;
  }
  const tls = readServerTls(field, protocol, namespace);
  field.refuse('defaultEndpoint');
  if (portField?.has('targetPort') === true) portField.info('targetPort', 'is for ServiceEntries, in Istio too');
  portField?.ignore('targetPort').rest();
  field.ignore('name').rest();
  if (tls === undefined) return undefined;
  return { port, protocol, ...(portName === '' ? {} : { portName }), hosts, ...tls, origin: field.origin() };
}

function isAnyAddress(bind: string | undefined): boolean {
  return bind === undefined || bind === '' || bind === '0.0.0.0' || bind === '::';
}
