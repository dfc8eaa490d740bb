import type { FieldReader, GatewayServer, ListenerProblem, ServerTls } from '@meshwise/model';
import { readAdmittedRoutes } from './admitted-routes.ts';
import type { ClientValidation, FrontendValidation } from './frontend-validation.ts';
import { PORTS, readWhole } from './numbers.ts';
import { readReference } from './references.ts';

/** One of `listeners` of a Gateway; undefined, and reported, without a port. */
export function readListener(
  field: FieldReader,
  namespace: string,
  frontend: FrontendValidation,
): GatewayServer | undefined {
  const name = field.string('name') ?? '';
  const port = readWhole(field, 'port', PORTS);
  const hostname = field.string('hostname') ?? '';
  const written = field.string('protocol') ?? '';
  const tlsField = field.object('tls');
  const tls = readListenerTls(tlsField, namespace);
  const admits = readAdmittedRoutes(field.object('allowedRoutes'));
  field.rest();
  if (port === undefined) {
    if (!field.has('port')) field.invalid('port', 'is missing');
    return undefined;
  }
  const served = serve(field, written, tls);
  const validation = frontend.byPort.has(port) ? frontend.byPort.get(port) : frontend.byDefault;
  return {
    port,
    portName: name,
    hosts: [hostname === '' ? '*' : hostname.toLowerCase()],
    admits,
    ...served,
    ...(served.tls === undefined || validation === undefined ? {} : withClients(served.tls, validation)),
    ...(tls === undefined || tls.certificateReferences.length === 0
      ? {}
      : { certificateReferences: tls.certificateReferences }),
    origin: field.origin(),
  };
}

interface ListenerTls {
  readonly mode: string;
  readonly certificateReferences: NonNullable<GatewayServer['certificateReferences']>;
}

function readListenerTls(field: FieldReader | undefined, namespace: string): ListenerTls | undefined {
  if (field === undefined) return undefined;
  const mode = field.string('mode') ?? 'Terminate';
  const certificateReferences = field.list('certificateRefs').flatMap((entry) => {
    const reference = readReference(entry, { group: '', kind: 'Secret', namespace });
    entry.rest();
    return reference === undefined ? [] : [{ ...reference, origin: entry.origin() }];
  });
  field.refuse('options');
  field.rest();
  return { mode, certificateReferences };
}

type Served = Pick<GatewayServer, 'protocol' | 'tls' | 'problem'>;

/** What the protocol and the mode of its TLS make of a listener. */
function serve(field: FieldReader, protocol: string, tls: ListenerTls | undefined): Served {
  const terminates: ServerTls = { credentials: [], clientCertificate: 'none' };
  switch (protocol) {
    case 'HTTP':
    case 'TCP':
      return { protocol: protocol === 'HTTP' ? 'http' : 'tcp', ...(tls === undefined ? {} : misplacedTls(field)) };
    case 'HTTPS':
    case 'TLS': {
      const kind = protocol === 'HTTPS' ? 'https' : 'tls';
      if (tls === undefined) return { protocol: kind, tls: terminates, problem: problemOf(field, 'tls', 'is missing') };
      if (tls.mode === 'Passthrough' && protocol === 'TLS') return { protocol: kind };
      if (tls.mode === 'Terminate') return { protocol: kind, tls: terminates };
      return { protocol: kind, tls: terminates, problem: problemOf(field, 'tls', `cannot have the mode ${tls.mode}`) };
    }
    default: {
      const message = `${protocol === '' ? 'none' : protocol} is not served`;
      field.unsupported('protocol', message);
      return { protocol: 'tcp', problem: { condition: 'Accepted', reason: 'UnsupportedProtocol', message } };
    }
  }
}

function misplacedTls(field: FieldReader): Pick<Served, 'problem'> {
  return { problem: problemOf(field, 'tls', 'is for HTTPS and TLS listeners') };
}

function problemOf(field: FieldReader, name: string, message: string): ListenerProblem {
  field.invalid(name, message);
  return { condition: 'Accepted', reason: 'UnsupportedValue', message: `${name} ${message}` };
}

function withClients(
  tls: ServerTls,
  { clientCertificate, authorities }: ClientValidation,
): Pick<GatewayServer, 'tls' | 'clientAuthorityReferences'> {
  return { tls: { ...tls, clientCertificate }, clientAuthorityReferences: authorities };
}
