import { Type } from 'typebox';
import { WorkloadSelectorSchema } from './istio-common.ts';
import { allOptional, atMostOne, Duration, opt, type TypeOf } from './schema.ts';

const MutualTls = allOptional({ mode: Type.Enum(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']) });

/** security.istio.io PeerAuthentication. `portLevelMtls` is keyed by the port number, as text. */
export const PeerAuthenticationSpecSchema = allOptional({
  selector: WorkloadSelectorSchema,
  mtls: MutualTls,
  portLevelMtls: Type.Record(Type.String(), MutualTls),
});
export type PeerAuthenticationSpec = TypeOf<typeof PeerAuthenticationSpecSchema>;

const Strings = Type.Array(Type.String());

/** Istio's PolicyTargetReference. */
const TargetRef = Type.Object({
  group: opt(Type.String()),
  kind: Type.String({ minLength: 1 }),
  name: Type.String({ minLength: 1 }),
  namespace: opt(Type.String()),
});
/** For whom a policy is. */
const attachment = { selector: WorkloadSelectorSchema, targetRef: TargetRef, targetRefs: Type.Array(TargetRef) };
const oneAttachment = atMostOne('selector', 'targetRef', 'targetRefs');

const JwtRule = allOptional(
  {
    issuer: Type.String(),
    audiences: Type.Array(Type.String({ minLength: 1 })),
    jwksUri: Type.String(),
    /** The older spelling of `jwksUri`. */
    jwks_uri: Type.String(),
    jwks: Type.String(),
    fromHeaders: Type.Array(Type.Object({ name: Type.String({ minLength: 1 }), prefix: opt(Type.String()) })),
    outputPayloadToHeader: Type.String(),
    fromParams: Type.Array(Type.String({ minLength: 1 })),
    fromCookies: Type.Array(Type.String({ minLength: 1 })),
    forwardOriginalToken: Type.Boolean(),
    outputClaimToHeaders: Type.Array(
      Type.Object({ header: Type.String({ minLength: 1 }), claim: Type.String({ minLength: 1 }) }),
    ),
    timeout: Duration,
    spaceDelimitedClaims: Type.Array(Type.String({ minLength: 1 })),
  },
  atMostOne('jwks', 'jwksUri', 'jwks_uri'),
);

/** security.istio.io RequestAuthentication. */
export const RequestAuthenticationSpecSchema = allOptional(
  { ...attachment, jwtRules: Type.Array(JwtRule) },
  oneAttachment,
);
export type RequestAuthenticationSpec = TypeOf<typeof RequestAuthenticationSpecSchema>;

const Source = allOptional({
  principals: Strings,
  notPrincipals: Strings,
  requestPrincipals: Strings,
  notRequestPrincipals: Strings,
  namespaces: Strings,
  notNamespaces: Strings,
  serviceAccounts: Strings,
  notServiceAccounts: Strings,
  ipBlocks: Strings,
  notIpBlocks: Strings,
  remoteIpBlocks: Strings,
  notRemoteIpBlocks: Strings,
});

const Operation = allOptional({
  hosts: Strings,
  notHosts: Strings,
  ports: Strings,
  notPorts: Strings,
  methods: Strings,
  notMethods: Strings,
  paths: Strings,
  notPaths: Strings,
});

const AuthorizationRule = allOptional({
  from: Type.Array(allOptional({ source: Source })),
  to: Type.Array(allOptional({ operation: Operation })),
  when: Type.Array(Type.Object({ key: Type.String({ minLength: 1 }), values: opt(Strings), notValues: opt(Strings) })),
});

/** security.istio.io AuthorizationPolicy. */
export const AuthorizationPolicySpecSchema = allOptional(
  {
    ...attachment,
    rules: Type.Array(AuthorizationRule),
    action: Type.Enum(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']),
    provider: allOptional({ name: Type.String() }),
  },
  oneAttachment,
);
export type AuthorizationPolicySpec = TypeOf<typeof AuthorizationPolicySpecSchema>;
