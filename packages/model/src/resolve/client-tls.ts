import type { ItemOf } from '../model/fragment.ts';
import type { ClientTls } from '../model/policy.ts';
import type { SecretPlan, TlsCredential, UpstreamTls } from '../plan.ts';
import { defined } from '../reading/defined.ts';
import type { ResolveContext } from './context.ts';
import { authoritySecretName, secretName, unusableAuthority } from './gateway-tls.ts';

type CustomTls = Extract<ClientTls, { readonly mode: 'simple' | 'certificate' }>;

/** TLS as clients of one kind can carry it out, or why they cannot: then nothing is sent at all. */
export type ResolvedTls =
  | { readonly tls: UpstreamTls; readonly secrets: readonly SecretPlan[] }
  | { readonly problem: string };

/**
 * TLS with certificates of the user's, for the proxies of a namespace, whose Secrets `credentialName` names. As Istio
 * documents it, sidecars take a Secret only when the rule selects workloads: others would wait for what is not theirs.
 */
export function customTls(
  { items, settings }: ResolveContext,
  written: CustomTls,
  client: { readonly namespace: string; readonly takesSecrets: boolean },
): ResolvedTls {
  const { credential } = written;
  const presentsCertificate = written.mode === 'certificate';
  const tls = (resolved: TlsCredential | undefined): UpstreamTls => ({
    mode: 'custom',
    presentsCertificate,
    subjectAltNames: written.skipsVerification === true ? [] : written.subjectAltNames,
    verifiesServer: written.skipsVerification !== true,
    ...defined({ credential: resolved, serverName: written.serverName }),
  });

  if (credential?.kind !== 'secret') {
    const hasPair = credential?.certificateChain !== undefined && credential.privateKey !== undefined;
    if (presentsCertificate && !hasPair) return { problem: 'the certificate to present is missing' };
    const unusable = credential === undefined ? undefined : settings.certificates?.files(credential);
    return unusable === undefined ? { tls: tls(credential), secrets: [] } : { problem: unusable };
  }
  if (!client.takesSecrets) return { tls: { mode: 'plain' }, secrets: [] };

  const { namespace } = client;
  const { name } = credential;
  const find = (wanted: string) => items.list('secret', `${namespace}/${wanted}`)[0];
  const own = find(name);
  const authority = [find(`${name}-cacert`), own].find((secret) => secret?.trustedCaPem !== undefined);
  const missing = (what: string) => ({ problem: `the Secret ${name} in ${namespace} has no ${what}` });
  if (own === undefined && authority === undefined) return { problem: `there is no Secret ${name} in ${namespace}` };

  const secrets: SecretPlan[] = [];
  if (presentsCertificate) {
    const { certificateChainPem, privateKeyPem } = own ?? {};
    if (certificateChainPem === undefined || privateKeyPem === undefined) return missing('certificate with its key');
    const unusable = settings.certificates?.keyPair(certificateChainPem, privateKeyPem);
    if (unusable !== undefined) return { problem: `the Secret ${name} in ${namespace} cannot be used: ${unusable}` };
    secrets.push({ name: secretName(name), keyPair: { certificateChainPem, privateKeyPem } });
  }
  if (written.skipsVerification !== true) {
    if (authority?.trustedCaPem === undefined) return missing('ca.crt to verify the server by');
    const unusable = unusableAuthority(settings.certificates, authority);
    if (unusable !== undefined) return { problem: `the Secret ${authority.name} cannot be used: ${unusable}` };
    secrets.push(authoritySecret(name, authority));
  }
  return { tls: tls({ kind: 'secret', namespace, name }), secrets };
}

function authoritySecret(name: string, { trustedCaPem, crlPem }: ItemOf<'secret'>): SecretPlan {
  return { name: authoritySecretName(name), ...defined({ trustedCaPem, crlPem }) };
}
