import type { Fragment, MeshReader } from '@meshwise/model';
import { groupOf, keyOf, type Resource } from '@meshwise/resources';
import { ISTIO_DEFAULTS } from './defaults.ts';
import { readDestinationRule } from './read/destination-rule.ts';
import { readGateway } from './read/gateway.ts';
import { readPeerAuthentication } from './read/peer-authentication.ts';
import { readVirtualService } from './read/virtual-service.ts';

const networking = ['v1', 'v1beta1', 'v1alpha3'];
const security = ['v1', 'v1beta1'];

interface Kind {
  readonly versions: readonly string[];
  readonly read: (resource: Resource) => Fragment;
}

const kinds: Readonly<Record<string, Kind>> = {
  'networking.istio.io/DestinationRule': { versions: networking, read: readDestinationRule },
  'networking.istio.io/Gateway': { versions: networking, read: readGateway },
  'networking.istio.io/VirtualService': { versions: networking, read: readVirtualService },
  'security.istio.io/PeerAuthentication': { versions: security, read: readPeerAuthentication },
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
    if (kind.versions.includes(resource.apiVersion.slice(group.length + 1))) return kind.read(resource);
    const origin = { resource: keyOf(resource), field: 'apiVersion' };
    const message = `apiVersion ${resource.apiVersion} is not one of ${kind.versions.join(', ')}`;
    return { items: [], residues: [{ origin, severity: 'unsupported', message }] };
  },
};
