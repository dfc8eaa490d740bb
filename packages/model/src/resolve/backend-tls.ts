import type { BackendTlsItem } from '../model/attached-route.ts';
import { byAge } from '../model/item.ts';
import type { UpstreamTls } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { ResolvedTls } from './client-tls.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import { authoritySecretName } from './gateway-tls.ts';

type Target = BackendTlsItem['targets'][number];

/** Why a policy, or one of its references, has no effect: in Gateway API's words. */
export interface PolicyProblem {
  readonly reason: string;
  readonly message: string;
}

export interface BackendTls {
  /** What clients speak to a port of the Service of a key; undefined where no policy says anything. */
  readonly of: Query<[key: string, port: number], ResolvedTls | undefined>;
  /** References to authorities that lead nowhere (condition `ResolvedRefs`). */
  unresolved(policy: BackendTlsItem): PolicyProblem | undefined;
  /** Why a policy says nothing of one of its targets (condition `Accepted`). */
  refusal(policy: BackendTlsItem, target: Target): PolicyProblem | undefined;
}

/**
 * The TLS that clients speak to Services (Gateway API, BackendTLSPolicy): gateways, and sidecars too, as with Istio, since
 * what a server speaks does not depend on who calls it. A policy for a port goes before one for the whole Service, then
 * the oldest wins. With authorities that are not there nothing is sent at all.
 */
export function defineBackendTls({ engine, items, services, settings }: ResolveContext): BackendTls {
  const servicePolicies = (namespace: string, name: string) =>
    items
      .list('backendTlsByService', `${namespace}/${name}`)
      .flatMap((policy) =>
        policy.targets
          .filter((target) => isService(target) && target.name === name)
          .map((target) => ({ policy, target })),
      );

  /** Of those with the same section; '' is the whole Service. */
  const winner = (namespace: string, name: string, section: string): BackendTlsItem | undefined =>
    servicePolicies(namespace, name)
      .filter(({ target }) => (target.sectionName ?? '') === section)
      .map(({ policy }) => policy)
      .sort(byAge)[0];

  const authorities = (
    policy: BackendTlsItem,
  ): { readonly pems: readonly string[]; readonly problem?: PolicyProblem } => {
    if (policy.authorities === 'system') return { pems: [] };
    const pems: string[] = [];
    let problem: PolicyProblem | undefined;
    for (const { group, kind, name } of policy.authorities) {
      const what = `${kind} ${policy.namespace}/${name}`;
      if (group !== '' || (kind !== 'ConfigMap' && kind !== 'Secret')) {
        problem ??= { reason: 'InvalidKind', message: `${what} cannot hold authorities` };
        continue;
      }
      const index = kind === 'ConfigMap' ? 'trustBundle' : 'secret';
      const pem = items.list(index, `${policy.namespace}/${name}`)[0]?.trustedCaPem;
      const unusable = pem === undefined ? 'there is none with a ca.crt' : settings.certificates?.authorities(pem);
      if (pem !== undefined && unusable === undefined) pems.push(pem);
      else problem ??= { reason: 'InvalidCACertificateRef', message: `${what} cannot be used: ${unusable}` };
    }
    return { pems, ...(problem === undefined ? {} : { problem }) };
  };

  const resolved = engine.query('backendTlsPolicy', (namespace: string, name: string, section: string) => {
    const policy = winner(namespace, name, section);
    if (policy === undefined) return undefined;
    const { pems } = authorities(policy);
    const isSystem = policy.authorities === 'system';
    if (pems.length === 0 && !isSystem) return { problem: `BackendTLSPolicy ${policy.name} has no authorities` };
    // With the references in its name: connections to whom nobody vouches for any more end with the old cluster, while
    // a bundle that is exchanged under its name ends none.
    const trusted =
      policy.authorities === 'system' ? [] : policy.authorities.map(({ kind, name: of }) => `${kind}/${of}`);
    const credential = {
      kind: 'secret' as const,
      namespace,
      name: ['backend-tls', namespace, policy.name, ...trusted].join('/'),
    };
    const tls: UpstreamTls = {
      mode: 'custom',
      presentsCertificate: false,
      ...(isSystem ? {} : { credential }),
      subjectAltNames: policy.subjectAltNames.length > 0 ? policy.subjectAltNames : [policy.hostname],
      serverName: policy.hostname,
      verifiesServer: true,
    };
    const secrets = isSystem ? [] : [{ name: authoritySecretName(credential.name), trustedCaPem: pems.join('\n') }];
    return { tls, secrets };
  });

  const of = engine.query('backendTls', (key: string, port: number): ResolvedTls | undefined => {
    const service = services.of(key);
    if (service === undefined || service.host !== undefined) return undefined;
    const { namespace, name } = service;
    const section = tcpPorts(service).find((candidate) => candidate.port === port)?.name ?? '';
    const ofPort = section === '' ? undefined : resolved(namespace, name, section);
    return ofPort ?? resolved(namespace, name, '');
  });

  const missingTarget = (policy: BackendTlsItem, { name, sectionName, kind, group }: Target): string | undefined => {
    if (!isService({ group, kind })) return `${kind} cannot be a target`;
    const found = items
      .list('serviceByNamespace', policy.namespace)
      .find((service) => service.name === name && service.host === undefined);
    if (found === undefined) return `there is no Service ${policy.namespace}/${name}`;
    const hasPort = sectionName === undefined || tcpPorts(found).some((port) => port.name === sectionName);
    return hasPort ? undefined : `Service ${policy.namespace}/${name} has no port ${sectionName}`;
  };

  return {
    of,
    unresolved: (policy) => authorities(policy).problem,
    refusal(policy, target) {
      const missing = missingTarget(policy, target);
      if (missing !== undefined) return { reason: 'TargetNotFound', message: missing };
      const older = winner(policy.namespace, target.name, target.sectionName ?? '');
      if (older !== undefined && older.name !== policy.name) {
        return {
          reason: 'Conflicted',
          message: `the older BackendTLSPolicy ${older.name} decides for the same target`,
        };
      }
      const { pems, problem } = authorities(policy);
      if (policy.authorities === 'system' || pems.length > 0) return undefined;
      return { reason: 'NoValidCACertificate', message: problem?.message ?? 'it names no authorities' };
    },
  };
}

function isService({ group, kind }: Pick<Target, 'group' | 'kind'>): boolean {
  return group === '' && kind === 'Service';
}
