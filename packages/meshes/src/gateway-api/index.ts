import type { Fragment, MeshReader } from '@meshwise/model';
import { GATEWAY_API, groupOf, keyOf, type Resource } from '@meshwise/resources';
import { readBackendTlsPolicy } from './read/backend-tls-policy.ts';
import { readK8sGateway } from './read/gateway.ts';
import { readGatewayClass } from './read/gateway-class.ts';
import { readReferenceGrant } from './read/reference-grant.ts';
import { readGrpcRoute, readHttpRoute, readTcpRoute, readTlsRoute } from './read/routes.ts';
import { readTrustBundle } from './read/trust-bundle.ts';

interface Kind {
  readonly versions: readonly string[];
  readonly read: (resource: Resource) => Fragment;
}

const kinds: Readonly<Record<string, Kind>> = {
  GatewayClass: { versions: ['v1', 'v1beta1'], read: readGatewayClass },
  Gateway: { versions: ['v1', 'v1beta1'], read: readK8sGateway },
  HTTPRoute: { versions: ['v1', 'v1beta1'], read: readHttpRoute },
  GRPCRoute: { versions: ['v1'], read: readGrpcRoute },
  TLSRoute: { versions: ['v1', 'v1alpha3', 'v1alpha2'], read: readTlsRoute },
  TCPRoute: { versions: ['v1', 'v1alpha2'], read: readTcpRoute },
  ReferenceGrant: { versions: ['v1', 'v1beta1'], read: readReferenceGrant },
  BackendTLSPolicy: { versions: ['v1', 'v1alpha3'], read: readBackendTlsPolicy },
};

/** The Gateway API of Kubernetes, with its routes between services (GAMMA), in all versions that its 1.6 serves. */
export const gatewayApiMesh: MeshReader = {
  name: 'gateway-api',
  reads: [...Object.keys(kinds).map((kind) => ({ group: GATEWAY_API, kind })), { group: '', kind: 'ConfigMap' }],
  read(resource) {
    const group = groupOf(resource.apiVersion);
    if (group === '' && resource.kind === 'ConfigMap') return readTrustBundle(resource);
    const kind = group === GATEWAY_API && Object.hasOwn(kinds, resource.kind) ? kinds[resource.kind] : undefined;
    if (kind === undefined) return undefined;
    const version = resource.apiVersion.slice(resource.apiVersion.indexOf('/') + 1);
    if (kind.versions.includes(version)) return kind.read(resource);
    const origin = { resource: keyOf(resource), field: 'apiVersion' };
    const message = `apiVersion ${resource.apiVersion} is not one of ${kind.versions.join(', ')}`;
    return { items: [], residues: [{ origin, severity: 'unsupported', message }] };
  },
};
