import type { CertificateInspector } from '../model/certificate-inspector.ts';
import type { ItemOf } from '../model/fragment.ts';
import type { SecretPlan, ServerTls, TlsCredential } from '../plan.ts';
import type { ResolveContext } from './context.ts';

/** TLS of a server as a gateway of one namespace can carry it out, or why it cannot. */
export type GatewayTls =
  | { readonly tls: ServerTls; readonly secrets: readonly SecretPlan[] }
  | { readonly problem: string };

/** The SDS name of a Secret's certificate, as in Istio. */
export function secretName(name: string): string {
  return `kubernetes://${name}`;
}

/** The SDS name of the authorities that clients of a server come from. */
export function authoritySecretName(name: string): string {
  return `kubernetes://${name}-cacert`;
}

/**
 * Finds the material that a server names. Secrets are those of the gateway's own namespace, wherever the Gateway resource
 * stands (Istio, "Secure Gateways"). Client certificates are verified by `ca.crt` of the Secret `<name>-cacert`, else of
 * the Secret itself.
 */
export function gatewayTls({ items, settings }: ResolveContext, tls: ServerTls, namespace: string): GatewayTls {
  const { certificates } = settings;
  const local = (credential: TlsCredential): TlsCredential =>
    credential.kind === 'secret' ? { ...credential, namespace } : credential;
  const find = (name: string) => items.list('secret', `${namespace}/${name}`)[0];
  const secrets: SecretPlan[] = [];

  for (const credential of tls.credentials) {
    if (credential.kind === 'files') {
      const unusable = certificates?.files(credential);
      if (unusable !== undefined) return { problem: unusable };
      continue;
    }
    const { name } = credential;
    const found = find(name);
    if (found === undefined) return { problem: `there is no Secret ${name} with a certificate in ${namespace}` };
    const { certificateChainPem, privateKeyPem } = found;
    if (certificateChainPem === undefined || privateKeyPem === undefined) {
      return { problem: `the Secret ${name} in ${namespace} has no ${certificateChainPem ? 'key' : 'certificate'}` };
    }
    const unusable = certificates?.keyPair(certificateChainPem, privateKeyPem);
    if (unusable !== undefined) return { problem: `the Secret ${name} in ${namespace} cannot be used: ${unusable}` };
    secrets.push({ name: secretName(name), keyPair: { certificateChainPem, privateKeyPem } });
  }

  const authority = tls.clientCertificate === 'none' || tls.isMesh ? undefined : authorityOf(tls);
  if (authority?.kind === 'files' && authority.caCertificates === undefined) {
    return { problem: 'caCertificates are missing, by which client certificates are verified' };
  }
  if (authority?.kind === 'secret') {
    const { name } = authority;
    const found = [find(`${name}-cacert`), find(name)].find((secret) => secret?.trustedCaPem !== undefined);
    if (found?.trustedCaPem === undefined) {
      return {
        problem: `neither Secret ${name}-cacert nor ${name} in ${namespace} has a ca.crt for client certificates`,
      };
    }
    const { trustedCaPem, crlPem } = found;
    const unusable = unusableAuthority(certificates, found);
    if (unusable !== undefined)
      return { problem: `the Secret ${found.name} in ${namespace} cannot be used: ${unusable}` };
    secrets.push({ name: authoritySecretName(name), trustedCaPem, ...(crlPem === undefined ? {} : { crlPem }) });
  }
  const clientAuthority = tls.clientAuthority === undefined ? {} : { clientAuthority: local(tls.clientAuthority) };
  return { tls: { ...tls, credentials: tls.credentials.map(local), ...clientAuthority }, secrets };
}

/** Why a Secret's authorities, or the lists of what they have taken back, cannot be used. */
export function unusableAuthority(
  inspector: CertificateInspector | undefined,
  { trustedCaPem, crlPem }: Pick<ItemOf<'secret'>, 'trustedCaPem' | 'crlPem'>,
): string | undefined {
  return (
    (trustedCaPem === undefined ? undefined : inspector?.authorities(trustedCaPem)) ??
    (crlPem === undefined ? undefined : inspector?.revocations(crlPem))
  );
}

/** Who says whom client certificates must come from. */
function authorityOf(tls: ServerTls): TlsCredential | undefined {
  return tls.clientAuthority ?? tls.credentials[0];
}
