import type { FieldReader, GatewayServer, ServerTls, TlsCredential } from '@meshwise/model';
import { readTlsParameters } from './tls-parameters.ts';

type Read = Pick<GatewayServer, 'tls' | 'passesToNamedService' | 'redirectsToHttps'>;

const clientCertificates: Readonly<Record<string, ServerTls['clientCertificate']>> = {
  SIMPLE: 'none',
  MUTUAL: 'mutual',
  OPTIONAL_MUTUAL: 'optional',
  ISTIO_MUTUAL: 'mutual',
};

/**
 * `tls` of a Gateway server (Istio, ServerTLSSettings). Undefined, and reported, when the server must not be served:
 * plain where encryption is meant, or encrypted without anything to encrypt with.
 */
export function readServerTls(
  server: FieldReader,
  protocol: GatewayServer['protocol'],
  namespace: string,
): Read | undefined {
  const field = server.object('tls');
  if (protocol === 'http' || protocol === 'tcp') return readPlain(server, field, protocol);
  if (field === undefined) {
    server.invalid('tls', 'is missing: HTTPS and TLS servers need it');
    return undefined;
  }
  if (field.boolean('httpsRedirect') === true) field.invalid('httpsRedirect', 'is for HTTP servers');
  // The first of Istio's modes is what an unset one means.
  const mode = field.string('mode') ?? 'PASSTHROUGH';
  if (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') {
    field.rest();
    return mode === 'AUTO_PASSTHROUGH' ? { passesToNamedService: true } : {};
  }
  const clientCertificate = Object.hasOwn(clientCertificates, mode) ? clientCertificates[mode] : undefined;
  if (clientCertificate === undefined) {
    field.invalid('mode', `is none of PASSTHROUGH, AUTO_PASSTHROUGH, ${Object.keys(clientCertificates).join(', ')}`);
    return undefined;
  }
  const tls = readTerminating(field, mode, clientCertificate, namespace);
  field.rest();
  return tls === undefined ? undefined : { tls };
}

function readPlain(server: FieldReader, field: FieldReader | undefined, protocol: 'http' | 'tcp'): Read | undefined {
  if (field === undefined) return {};
  const redirects = field.boolean('httpsRedirect') ?? false;
  // Plain text where certificates are named would show what is meant to be hidden.
  const others = Object.keys(field.value as object).filter((name) => name !== 'httpsRedirect');
  if (others.length > 0 || (redirects && protocol === 'tcp')) {
    server.invalid('tls', 'is for HTTPS and TLS servers, but for httpsRedirect; the server is left out');
    return undefined;
  }
  return redirects ? { redirectsToHttps: true } : {};
}

function readTerminating(
  field: FieldReader,
  mode: string,
  clientCertificate: ServerTls['clientCertificate'],
  namespace: string,
): ServerTls | undefined {
  const credentials = readCredentials(field, namespace);
  const authority = field.string('caCertCredentialName') ?? '';
  const parameters = readTlsParameters(field);
  const isMesh = mode === 'ISTIO_MUTUAL';
  if (isMesh && credentials.length > 0) field.invalid('mode', 'ISTIO_MUTUAL takes no certificates of its own');
  if (!isMesh && credentials.length === 0) {
    field.invalid(undefined, 'names no certificate: credentialName, or serverCertificate and privateKey');
    return undefined;
  }
  if (parameters === undefined) return undefined;
  return {
    credentials: isMesh ? [] : credentials,
    clientCertificate,
    ...(isMesh ? { isMesh } : {}),
    ...(authority === '' ? {} : { clientAuthority: { kind: 'secret', namespace, name: authority } }),
    ...parameters,
  };
}

/** In the order of Istio's precedence: credential names before files. The secret is one of the gateway's namespace. */
function readCredentials(field: FieldReader, namespace: string): readonly TlsCredential[] {
  const single = field.string('credentialName') ?? '';
  const several = field.strings('credentialNames') ?? [];
  const names = several.length > 0 ? [...new Set(several)] : single === '' ? [] : [single];
  const files = readFiles(field);
  const listed = field.list('tlsCertificates').flatMap((entry) => {
    const found = readFiles(entry);
    entry.rest();
    return found;
  });
  if (names.length > 0) return names.map((name) => ({ kind: 'secret', namespace, name }));
  return listed.length > 0 ? listed : files;
}

function readFiles(field: FieldReader): readonly TlsCredential[] {
  const certificateChain = field.string('serverCertificate') ?? '';
  const privateKey = field.string('privateKey') ?? '';
  const caCertificates = field.string('caCertificates') ?? '';
  const crl = field.string('caCrl') ?? '';
  if (certificateChain === '' && privateKey === '') return [];
  if (certificateChain === '' || privateKey === '') {
    field.invalid(certificateChain === '' ? 'serverCertificate' : 'privateKey', 'is missing');
    return [];
  }
  return [
    {
      kind: 'files',
      certificateChain,
      privateKey,
      ...(caCertificates === '' ? {} : { caCertificates }),
      ...(crl === '' ? {} : { crl }),
    },
  ];
}
