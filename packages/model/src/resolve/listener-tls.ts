import type { GatewayServer, ListenerProblem } from '../model/gateway.ts';
import type { BackendReference } from '../model/routing.ts';
import type { SecretPlan, ServerTls } from '../plan.ts';
import { isGranted } from './backends.ts';
import { type ClassGateway, GATEWAY_API } from './class-gateways.ts';
import type { ResolveContext } from './context.ts';
import { authoritySecretName, secretName } from './gateway-tls.ts';

export interface ListenerTls {
  readonly tls?: ServerTls;
  readonly secrets: readonly SecretPlan[];
  readonly problems: readonly ListenerProblem[];
}

/**
 * What a listener needs to end TLS: its certificates (Gateway API, `certificateRefs`), and whom clients come from (GEP-91).
 * They stand beside the Gateway, or elsewhere with a ReferenceGrant. What cannot be used makes the listener useless, and
 * no other.
 */
export function listenerTls(context: ResolveContext, gateway: ClassGateway, server: GatewayServer): ListenerTls {
  const { tls } = server;
  if (tls === undefined) return { secrets: [], problems: [] };
  const own = certificates(context, gateway, server);
  const clients = tls.clientCertificate === 'none' ? undefined : authorities(context, gateway, server);
  const problems = [...own.problems, ...(clients?.problems ?? [])];
  const secrets = [...own.secrets, ...(clients?.secrets ?? [])];
  if (problems.length > 0) return { secrets: [], problems };
  const credentials = (server.certificateReferences ?? []).map(({ namespace, name }) => ({
    kind: 'secret' as const,
    namespace,
    // With the namespace, since listeners of one proxy may name Secrets of several.
    name: `${namespace}/${name}`,
  }));
  const authority = { kind: 'secret' as const, namespace: gateway.namespace, name: authorityOf(gateway, server) };
  return {
    tls: { ...tls, credentials, ...(clients === undefined ? {} : { clientAuthority: authority }) },
    secrets: [...new Map(secrets.map((secret) => [secret.name, secret])).values()],
    problems,
  };
}

type Found = Omit<ListenerTls, 'tls'>;

function certificates({ items, settings }: ResolveContext, gateway: ClassGateway, server: GatewayServer): Found {
  const secrets: SecretPlan[] = [];
  for (const reference of server.certificateReferences ?? []) {
    const { group, kind, namespace, name } = reference;
    const what = `${kind} ${namespace}/${name}`;
    const invalid = (why: string) => unusable('InvalidCertificateRef', `${what} ${why}`);
    if (group !== '' || kind !== 'Secret') return invalid('is no Secret');
    if (!isPermitted(items, gateway, reference)) return notPermitted(reference);
    const found = items.list('secret', `${namespace}/${name}`)[0];
    if (found === undefined) return invalid('is not there, or has no certificate');
    const { certificateChainPem, privateKeyPem } = found;
    if (certificateChainPem === undefined) return invalid('has no certificate');
    if (privateKeyPem === undefined) return invalid('has no key');
    const reason = settings.certificates?.keyPair(certificateChainPem, privateKeyPem);
    if (reason !== undefined) return invalid(`cannot be used: ${reason}`);
    secrets.push({ name: secretName(`${namespace}/${name}`), keyPair: { certificateChainPem, privateKeyPem } });
  }
  if (secrets.length === 0) return unusable('InvalidCertificateRef', 'it names no certificate');
  return { secrets, problems: [] };
}

/** All bundles together. One that cannot be used is told, and without any nobody could come in. */
function authorities({ items, settings }: ResolveContext, gateway: ClassGateway, server: GatewayServer): Found {
  const pems: string[] = [];
  for (const reference of server.clientAuthorityReferences ?? []) {
    const { group, kind, namespace, name } = reference;
    const what = `${kind} ${namespace}/${name}`;
    const isKnown = group === '' && (kind === 'ConfigMap' || kind === 'Secret');
    if (!isKnown) return unusable('InvalidCACertificateKind', `${what} cannot hold authorities`);
    if (!isPermitted(items, gateway, reference)) return notPermitted(reference);
    const pem = items.list(kind === 'ConfigMap' ? 'trustBundle' : 'secret', `${namespace}/${name}`)[0]?.trustedCaPem;
    const reason = pem === undefined ? 'there is none with a ca.crt' : settings.certificates?.authorities(pem);
    if (pem === undefined || reason !== undefined) {
      return unusable('InvalidCACertificateRef', `${what} cannot be used: ${reason}`);
    }
    pems.push(pem);
  }
  if (pems.length === 0) return unusable('InvalidCACertificateRef', 'it names nobody whose certificates are good');
  return {
    secrets: [{ name: authoritySecretName(authorityOf(gateway, server)), trustedCaPem: pems.join('\n') }],
    problems: [],
  };
}

/** Under what a proxy knows whom clients of a listener come from. */
function authorityOf({ namespace, name }: ClassGateway, { portName = '' }: GatewayServer): string {
  return `frontend/${namespace}/${name}/${portName}`;
}

function isPermitted(items: ResolveContext['items'], gateway: ClassGateway, to: BackendReference): boolean {
  const from = { group: GATEWAY_API, kind: 'Gateway', namespace: gateway.namespace };
  return to.namespace === gateway.namespace || isGranted(items, from, to);
}

function notPermitted({ kind, namespace, name }: BackendReference): Found {
  const what = `${kind} ${namespace}/${name}`;
  return unusable('RefNotPermitted', `no ReferenceGrant in ${namespace} permits the reference to ${what}`);
}

function unusable(reason: string, message: string): Found {
  return { secrets: [], problems: [{ condition: 'ResolvedRefs', reason, message }] };
}
