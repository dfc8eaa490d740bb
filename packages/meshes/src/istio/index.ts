import type { Fragment, MeshReader } from '@meshwise/model';
import { groupOf, keyOf, type Resource } from '@meshwise/resources';
import { ISTIO_DEFAULTS } from './defaults.ts';
import { readAuthorizationPolicy } from './read/authorization-policy.ts';
import { readDestinationRule } from './read/destination-rule.ts';
import { readEnvoyFilter } from './read/envoy-filter.ts';
import { readGateway } from './read/gateway.ts';
import { readMeshConfig } from './read/mesh-config.ts';
import { readPeerAuthentication } from './read/peer-authentication.ts';
import { readProxyConfig } from './read/proxy-config.ts';
import { readRequestAuthentication } from './read/request-authentication.ts';
import { readServiceEntry } from './read/service-entry.ts';
import { readSidecar } from './read/sidecar.ts';
import { readTelemetry } from './read/telemetry.ts';
import { readVirtualService } from './read/virtual-service.ts';
import { readWorkloadEntry } from './read/workload-entry.ts';
import { readWorkloadGroup } from './read/workload-group.ts';

const networking = ['v1', 'v1beta1', 'v1alpha3'];
const security = ['v1', 'v1beta1'];

interface Kind {
  readonly versions: readonly string[];
  /** Undefined for resources of the kind that are none of Istio's. */
  readonly read: (resource: Resource) => Fragment | undefined;
}

const kinds: Readonly<Record<string, Kind>> = {
  '/ConfigMap': { versions: ['v1'], read: readMeshConfig },
  'networking.istio.io/DestinationRule': { versions: networking, read: readDestinationRule },
  'networking.istio.io/EnvoyFilter': { versions: ['v1alpha3'], read: readEnvoyFilter },
  'networking.istio.io/Gateway': { versions: networking, read: readGateway },
  'networking.istio.io/ServiceEntry': { versions: networking, read: readServiceEntry },
  'networking.istio.io/Sidecar': { versions: networking, read: readSidecar },
  'networking.istio.io/ProxyConfig': { versions: ['v1beta1'], read: readProxyConfig },
  'networking.istio.io/VirtualService': { versions: networking, read: readVirtualService },
  'networking.istio.io/WorkloadEntry': { versions: networking, read: readWorkloadEntry },
  'networking.istio.io/WorkloadGroup': { versions: networking, read: readWorkloadGroup },
  'security.istio.io/AuthorizationPolicy': { versions: security, read: readAuthorizationPolicy },
  'security.istio.io/PeerAuthentication': { versions: security, read: readPeerAuthentication },
  'security.istio.io/RequestAuthentication': { versions: security, read: readRequestAuthentication },
  'telemetry.istio.io/Telemetry': { versions: ['v1', 'v1alpha1'], read: readTelemetry },
};

/** Istio's own kinds, in all versions that its API server serves. */
export const istioMesh: MeshReader = {
  name: 'istio',
  defaults: ISTIO_DEFAULTS,
  reads: Object.keys(kinds).map((name) => {
    const [group = '', kind = ''] = name.split('/');
    return { group, kind };
  }),
  read(resource) {
    const group = groupOf(resource.apiVersion);
    const name = `${group}/${resource.kind}`;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return undefined;
    const version = resource.apiVersion.slice(resource.apiVersion.indexOf('/') + 1);
    if (kind.versions.includes(version)) return kind.read(resource);
    const origin = { resource: keyOf(resource), field: 'apiVersion' };
    const message = `apiVersion ${resource.apiVersion} is not one of ${kind.versions.join(', ')}`;
    return { items: [], residues: [{ origin, severity: 'unsupported', message }] };
  },
};
