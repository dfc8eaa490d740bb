import { type ClientTls, defined, type FieldReader, type TlsCredential } from '@meshwise/model';

export interface ClientTlsContext {
  /** Of the rule. */
  readonly namespace: string;
  /** The rule has a workloadSelector, without which sidecars do not take `credentialName`. */
  readonly isSelective: boolean;
}

const FILES = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'];

/** `tls` (ClientTLSSettings). */
export function readClientTls(field: FieldReader | undefined, context: ClientTlsContext): ClientTls | undefined {
  if (field === undefined) return undefined;
  const mode = field.string('mode') ?? 'DISABLE';
  const names = field.strings('subjectAltNames');
  const serverName = readServerName(field);
  const common = { subjectAltNames: names?.filter((name) => name !== ''), serverName };
  switch (mode) {
    case 'DISABLE':
      // Nothing else has a meaning then.
      field.ignore(...FILES, 'credentialName', 'insecureSkipVerify').rest();
      return { mode: 'plain' };
    case 'ISTIO_MUTUAL':
      field.refuse(...FILES, 'credentialName', 'insecureSkipVerify');
      field.rest();
      return { mode: 'mutual', ...defined(common) };
    case 'SIMPLE':
    case 'MUTUAL':
      return readCustom(field, mode, { ...common, context });
    default:
      field.invalid('mode', 'is none of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL');
      return undefined;
  }
}

interface Common {
  readonly subjectAltNames: readonly string[] | undefined;
  readonly serverName: string | undefined;
  readonly context: ClientTlsContext;
}

function readCustom(field: FieldReader, mode: 'SIMPLE' | 'MUTUAL', { context, ...common }: Common): ClientTls {
  const skipsVerification = field.boolean('insecureSkipVerify') === true;
  const credential = readCredential(field, mode, context);
  if (skipsVerification && (common.subjectAltNames?.length ?? 0) > 0)
    field.invalid('subjectAltNames', 'has no effect beside insecureSkipVerify');
  field.rest();
  return {
    mode: mode === 'SIMPLE' ? 'simple' : 'certificate',
    subjectAltNames: common.subjectAltNames ?? [],
    ...defined({
      credential,
      serverName: common.serverName,
      skipsVerification: skipsVerification ? true : undefined,
    }),
  };
}

/** `credentialName` decides over files. Its Secret is one of the namespace of the proxy, which only the resolver knows. */
function readCredential(
  field: FieldReader,
  mode: 'SIMPLE' | 'MUTUAL',
  { namespace, isSelective }: ClientTlsContext,
): TlsCredential | undefined {
  const name = field.string('credentialName') ?? '';
  if (name !== '') {
    if (field.refuse(...FILES)) field.invalid('credentialName', 'cannot be used together with files');
    if (/^[a-z0-9]+:\/\//.test(name)) field.unsupported('credentialName', 'is no name of a Secret');
    if (!isSelective)
      field.info('credentialName', 'is for gateways only, since there is no workloadSelector; sidecars use plain text');
    return { kind: 'secret', namespace, name };
  }
  const [certificateChain, privateKey] = [text(field, 'clientCertificate'), text(field, 'privateKey')];
  if (mode === 'MUTUAL' && (certificateChain === undefined || privateKey === undefined))
    field.invalid(certificateChain === undefined ? 'clientCertificate' : 'privateKey', 'is missing for mode MUTUAL');
  const authorities = text(field, 'caCertificates');
  const files = defined({
    certificateChain: mode === 'MUTUAL' ? certificateChain : undefined,
    privateKey: mode === 'MUTUAL' ? privateKey : undefined,
    // "system" is Istio's word for the authorities of the operating system, which is what absence means too.
    caCertificates: authorities === 'system' ? undefined : authorities,
    crl: text(field, 'caCrl'),
  });
  return Object.keys(files).length === 0 ? undefined : { kind: 'files', ...files };
}

function text(field: FieldReader, name: string): string | undefined {
  return field.string(name) || undefined;
}

/** RFC 6066, 3: at most 255 bytes, the most that Envoy takes. */
function readServerName(field: FieldReader): string | undefined {
  const name = text(field, 'sni');
  if (name === undefined || name.length <= 255) return name;
  field.invalid('sni', 'is longer than 255 characters');
  return undefined;
}
