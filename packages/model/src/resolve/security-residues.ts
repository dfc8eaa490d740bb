import type { ItemOf } from '../model/fragment.ts';
import { type AuthorizationItem, keySourceId, type TokenPolicyItem } from '../model/security.ts';
import type { Residue } from '../provenance.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { Authentications } from './authentication.ts';
import { isAsked, severalProviders } from './authorization.ts';
import type { Authorizers } from './authorizers.ts';
import type { ResolveContext } from './context.ts';
import { identityRemarks } from './identity-remarks.ts';
import type { MutualTls } from './mutual-tls.ts';
import { isFor, type PolicySubject, placesFor, placesOf } from './policy-places.ts';
import type { Securities } from './security.ts';
import { defineBytePorts, unaskedPorts } from './unasked-ports.ts';

export interface SecurityResidueParts {
  readonly securities: Securities;
  readonly authorizers: Authorizers;
  readonly authentication: Authentications;
  readonly mutualTls: MutualTls;
  readonly proxies: Query<[], readonly ProxyDescriptor[]>;
}

type Policy = AuthorizationItem | TokenPolicyItem;

/** Policies of security that are for nobody, that ask for what nobody can say, and that cannot be carried out as written. */
export function defineSecurityResidues(
  context: ResolveContext,
  { securities, authorizers, authentication, mutualTls, proxies }: SecurityResidueParts,
): Query<[], readonly Residue[]> {
  const { engine, items, settings } = context;
  const bytePorts = defineBytePorts(context);
  /** Proxies by the places in which policies for them stand. A Map is compared by identity: it is made anew when proxies change. */
  const subjects = engine.query('policySubjects', (): ReadonlyMap<string, readonly PolicySubject[]> => {
    const byPlace = new Map<string, PolicySubject[]>();
    const unique = new Map<string, PolicySubject>();
    for (const proxy of proxies()) {
      if (proxy.role === 'node') continue;
      const subject = securities.subjectOf(proxy);
      unique.set(JSON.stringify(subject), subject);
    }
    for (const subject of unique.values()) {
      for (const place of placesFor(subject, settings.rootNamespace)) {
        const there = byPlace.get(place);
        if (there === undefined) byPlace.set(place, [subject]);
        else there.push(subject);
      }
    }
    return byPlace;
  });
  const hasProxies = engine.query('policiesHaveSubjects', () => subjects().size > 0);
  const gatewaySubjects = engine.query('gatewaySubjects', (): readonly string[] => {
    const gateways = proxies().filter(({ role }) => role === 'gateway');
    return [...new Set(gateways.map((proxy) => JSON.stringify(securities.subjectOf(proxy))))];
  });
  const subjectsAt = engine.query('policySubjectsAt', (place: string) => subjects().get(place) ?? []);
  const subjectsOf = (policy: Policy) =>
    placesOf(policy).flatMap((place) => subjectsAt(place).filter((subject) => isFor(policy, subject)));

  const ofAttachment = (policy: Policy): readonly Residue[] => {
    const { selector, targets = [], namespace } = policy;
    const misplaced = targets
      .filter(({ kind }) => kind === 'GatewayClass' && namespace !== settings.rootNamespace)
      .map(({ origin }) => remark(origin, 'invalid', `a GatewayClass is a target in ${settings.rootNamespace} only`));
    if (misplaced.length > 0 || (selector === undefined && targets.length === 0)) return misplaced;
    // Without any proxy, as where a change is judged before it is made, nothing can be said of this.
    if (!hasProxies() || subjectsOf(policy).length > 0) return [];
    const field = selector === undefined ? (targets[0]?.origin.field ?? 'spec') : 'spec.selector';
    return [remark({ ...policy.origin, field }, 'info', 'it is for no proxy that is here')];
  };

  const ofExternal = (policy: AuthorizationItem): readonly Residue[] => {
    if (!isAsked(policy)) return [];
    const origin = { ...policy.origin, field: 'spec.provider' };
    const problems = subjectsOf(policy).map(
      (subject) => severalProviders(securities.authorizationsFor(subject)) ?? missing(policy, subject.namespace),
    );
    const problem = problems.find((found) => found !== undefined) ?? missing(policy, policy.namespace);
    return problem === undefined
      ? ofBytes(policy, origin)
      : [remark(origin, 'invalid', `${problem}; requests that it is asked about are refused`)];
  };
  /** Connections pass, as with Istio; who thinks that somebody is asked has to know. */
  const ofBytes = (policy: AuthorizationItem, origin: Residue['origin']): readonly Residue[] => {
    const { provider = '', namespace } = policy;
    const authorizer = authorizers.resolve(provider, namespace);
    if ('problem' in authorizer || authorizer.protocol !== 'http') return [];
    const served = subjectsOf(policy).filter((subject) => !gatewaySubjects().includes(JSON.stringify(subject)));
    const { bytes, sniffed } = unaskedPorts(policy, served, bytePorts);
    const said = (severity: Residue['severity'], what: string, ports: readonly string[]) =>
      ports.length === 0
        ? []
        : [remark(origin, severity, `${provider} is asked by HTTP, so not about ${what} at ${few(ports)}: they pass`)];
    return [...said('unsupported', 'connections', bytes), ...said('info', 'connections that are no HTTP', sniffed)];
  };
  const missing = ({ provider = '' }: AuthorizationItem, namespace: string): string | undefined => {
    const found = authorizers.resolve(provider, namespace);
    return 'problem' in found ? found.problem : undefined;
  };

  /** Conditions on tokens where nobody verifies any. */
  const ofTokens = (policy: AuthorizationItem): readonly Residue[] => {
    const asking = policy.rules.find((rule) =>
      [...rule.from.flat(), ...rule.to.flat(), ...rule.when].some(
        ({ of, anyOf }) => anyOf.length > 0 && TOKEN_CONDITIONS.includes(of),
      ),
    );
    if (asking === undefined) return [];
    const all = subjectsOf(policy);
    if (all.length === 0 || all.some((subject) => securities.tokenPoliciesFor(subject).length > 0)) return [];
    const message = 'it asks for what tokens say, and no RequestAuthentication holds there: it never matches';
    return [remark(asking.origin, 'info', message)];
  };

  const ofAuthorization = engine.query('authorizationResidues', (name: string): readonly Residue[] =>
    items
      .list('authorization', name)
      .flatMap((policy) => [
        ...ofAttachment(policy),
        ...ofExternal(policy),
        ...ofTokens(policy),
        ...identityRemarks(policy, mutualTls),
      ]),
  );

  const ofKeys = ({ rules }: TokenPolicyItem): readonly Residue[] =>
    rules.flatMap(({ source, issuer, origin }) => {
      if (source.kind === 'inline') return [];
      const { keys, problem } = authentication.keySets(keySourceId(source));
      if (keys !== undefined && problem === undefined) return [];
      const field = `${origin.field}.${source.kind === 'uri' ? 'jwksUri' : 'issuer'}`;
      if (keys !== undefined) return [remark({ ...origin, field }, 'info', `${problem}; the keys before are in use`)];
      const why = problem ?? 'its keys have not been fetched yet';
      return [remark({ ...origin, field }, 'invalid', `${why}; no token of ${issuer || 'this rule'} is good`)];
    });

  const ofTokenPolicy = engine.query('tokenPolicyResidues', (name: string): readonly Residue[] =>
    items.list('tokenPolicy', name).flatMap((policy) => [...ofAttachment(policy), ...ofKeys(policy)]),
  );

  const ofSettings = (mesh: ItemOf<'mesh-settings'>): readonly Residue[] =>
    (mesh.externalAuthorizers ?? []).flatMap((authorizer) => {
      const problem = authorizers.problemOf(authorizer, settings.rootNamespace);
      const origin = { ...mesh.origin, field: 'data.mesh.extensionProviders' };
      return problem === undefined ? [] : [remark(origin, 'invalid', problem)];
    });

  return engine.query('securityResidues', () => [
    ...items.keys('authorization').flatMap((name) => ofAuthorization(name)),
    ...items.keys('tokenPolicy').flatMap((name) => ofTokenPolicy(name)),
    ...items.list('meshSettings', '').flatMap(ofSettings),
  ]);
}

const TOKEN_CONDITIONS: readonly string[] = ['request-principal', 'audience', 'presenter', 'claim'];

const MAX_NAMED = 5;

function few(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return `${names.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function remark(origin: Residue['origin'], severity: Residue['severity'], message: string): Residue {
  return { origin, severity, message: `${origin.field}: ${message}` };
}
