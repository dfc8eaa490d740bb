import { defined, type FieldReader, type IngressListener, type Protocol } from '@meshwise/model';
import { readConnectionPool } from './destination-rule-pool.ts';
import { readServerTls } from './gateway-tls.ts';
import { protocolOfPort } from './port-protocol.ts';
import { readCaptureMode } from './sidecar-egress.ts';
import { isSocket, SOCKET_OF_MACHINE } from './unix-socket.ts';

const ENDPOINT = /^(?:(?:127\.0\.0\.1|0\.0\.0\.0)?:\d{1,5})$/;

/** One of `ingress`. Undefined, and reported, when the port cannot be served as it says. */
export function readIngressListener(field: FieldReader, namespace: string): IngressListener | undefined {
  const portField = field.object('port');
  const port = portField?.number('number');
  const text = portField?.string('protocol');
  const written = protocolOfPort(text);
  if ((portField?.number('targetPort') ?? 0) > 0) portField?.invalid('targetPort', 'has no effect in a Sidecar');
  portField?.ignore('name').rest();
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
    field.invalid('port', 'needs a number from 1 to 65535');
    return undefined;
  }
  if (written === undefined) portField?.invalid('protocol', 'is none that Istio knows; the port is treated as TCP');
  const endpoint = field.string('defaultEndpoint') ?? '';
  if (isSocket(endpoint)) {
    field.unsupported('defaultEndpoint', SOCKET_OF_MACHINE);
    return undefined;
  }
  if (endpoint !== '' && !ENDPOINT.test(endpoint)) {
    field.invalid('defaultEndpoint', 'is none of 127.0.0.1:PORT and 0.0.0.0:PORT, by which programs are reached here');
    return undefined;
  }
  const tls = readTls(field, written ?? 'tcp', text, namespace);
  if (tls === 'invalid') return undefined;
  const bind = readBind(field);
  const captureMode = readCaptureMode(field);
  if (captureMode === 'none' && bind === undefined) {
    field.info('captureMode', 'NONE makes no difference: each port has a listener of its own here');
  }
  const pool = field.object('connectionPool');
  const listener = {
    port,
    protocol: tls === undefined ? (written ?? 'tcp') : afterTls(text),
    captureMode,
    ...(bind === undefined ? {} : { bind }),
    ...(endpoint === '' ? {} : { defaultEndpoint: endpoint }),
    ...(tls === undefined ? {} : { tls }),
    ...(pool === undefined ? {} : defined({ connectionPool: readConnectionPool(pool).connectionPool })),
    origin: field.origin(),
  };
  field.rest();
  return listener;
}

function readTls(field: FieldReader, protocol: Protocol, text: string | undefined, namespace: string) {
  if (!field.has('tls')) return undefined;
  if (protocol !== 'tls') {
    field.invalid('tls', 'is for ports with the protocols HTTPS and TLS; the port is left out');
    return 'invalid';
  }
  const mode = field.object('tls')?.string('mode');
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL' && mode !== 'OPTIONAL_MUTUAL') {
    field.invalid('tls', 'has a mode that sidecars do not serve: SIMPLE, MUTUAL and OPTIONAL_MUTUAL are');
    return 'invalid';
  }
  const tls = readServerTls(field, text?.toUpperCase() === 'HTTPS' ? 'https' : 'tls', namespace)?.tls;
  if (tls === undefined) return 'invalid';
  if (tls.credentials.every(({ kind }) => kind === 'files')) return tls;
  field.invalid('tls', 'names a Secret, which sidecars do not get: name files instead');
  return 'invalid';
}

/** What is inside the TLS that ends at the sidecar. */
function afterTls(text: string | undefined): Protocol {
  return text?.toUpperCase() === 'HTTPS' ? 'http' : 'tcp';
}

function readBind(field: FieldReader): string | undefined {
  const bind = field.string('bind') ?? '';
  if (bind === '' || bind === '0.0.0.0' || bind === '::') return undefined;
  field.unsupported('bind', 'is not enforced: a port is served at the address of the pod');
  return undefined;
}
