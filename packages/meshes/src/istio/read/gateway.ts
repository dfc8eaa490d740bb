import {
  FieldReader,
  type Fragment,
  type GatewayItem,
  type GatewayServer,
  itemBase,
  type Residue,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Protocols of a server port that are HTTP without encryption. */
const plainHttp: readonly string[] = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'];

/** networking.istio.io Gateway. Servers with encryption or without HTTP are reported and left out. */
export function readGateway(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const item: GatewayItem = {
    ...itemBase(resource),
    kind: 'gateway',
    selector: spec?.stringMap('selector') ?? {},
    servers: (spec?.list('servers') ?? []).flatMap(readServer),
  };
  spec?.rest();
  root.rest();
  return { items: [item], residues };
}

function readServer(field: FieldReader): readonly GatewayServer[] {
  const portField = field.object('port');
  const port = portField?.number('number');
  const protocol = portField?.string('protocol')?.toUpperCase();
  if (port === undefined || protocol === undefined) {
    field.invalid('port', 'needs a number and a protocol');
    return [];
  }
  const hosts = field.strings('hosts') ?? [];
  if (hosts.length === 0) field.invalid('hosts', 'is empty: the server serves nothing');
  if (!plainHttp.includes(protocol)) {
    portField?.unsupported('protocol', `${protocol} is not served yet`);
    return [];
  }
  // Serving in plain text what is meant to be redirected or encrypted would be worse than not serving it.
  if (field.refuse('tls')) return [];
  portField?.ignore('name', 'targetPort').rest();
  field.ignore('name').rest();
  return [{ port, protocol: 'http', hosts, origin: field.origin() }];
}
