import { Type } from 'typebox';
import { Group, Hostname, Kind, LocalObjectReference, ObjectName, Options, SectionName } from './gateway-api-common.ts';
import { allOptional, opt, type TypeOf, text } from './schema.ts';

/** gateway.networking.k8s.io ReferenceGrant. */
export const ReferenceGrantSpecSchema = Type.Object({
  from: Type.Array(Type.Object({ group: Group, kind: Kind, namespace: text('dns-label') }), {
    minItems: 1,
    maxItems: 16,
  }),
  to: Type.Array(Type.Object({ group: Group, kind: Kind, name: opt(ObjectName) }), { minItems: 1, maxItems: 16 }),
});
export type ReferenceGrantSpec = TypeOf<typeof ReferenceGrantSpecSchema>;

const SubjectAltName = Type.Object({
  type: Type.Enum(['Hostname', 'URI']),
  hostname: opt(Hostname),
  uri: opt(Type.String()),
});

/** gateway.networking.k8s.io BackendTLSPolicy. */
export const BackendTlsPolicySpecSchema = Type.Object({
  targetRefs: Type.Array(Type.Object({ group: Group, kind: Kind, name: ObjectName, sectionName: opt(SectionName) }), {
    minItems: 1,
    maxItems: 16,
  }),
  validation: allOptional({
    caCertificateRefs: Type.Array(LocalObjectReference, { maxItems: 8 }),
    wellKnownCACertificates: Type.String(),
    hostname: text('dns-subdomain'),
    subjectAltNames: Type.Array(SubjectAltName, { maxItems: 5 }),
  }),
  options: opt(Options),
});
export type BackendTlsPolicySpec = TypeOf<typeof BackendTlsPolicySpecSchema>;
