import type { Fragment, MeshReader } from '@meshwise/model';
import { groupOf, keyOf, type Resource } from '@meshwise/resources';
import { readHttpRouteGroup } from './read/http-route-group.ts';
import { readPortRoute } from './read/port-route.ts';
import { readTrafficSplit } from './read/traffic-split.ts';
import { readTrafficTarget } from './read/traffic-target.ts';
import { versionOf } from './read/version.ts';

interface Kind {
  readonly versions: readonly string[];
  readonly read: (resource: Resource) => Fragment;
}

const all = ['v1alpha4', 'v1alpha3', 'v1alpha2', 'v1alpha1'];

const kinds: Readonly<Record<string, Kind>> = {
  'split.smi-spec.io/TrafficSplit': { versions: all, read: readTrafficSplit },
  'access.smi-spec.io/TrafficTarget': { versions: ['v1alpha3', 'v1alpha2', 'v1alpha1'], read: readTrafficTarget },
  'specs.smi-spec.io/HTTPRouteGroup': { versions: all, read: readHttpRouteGroup },
  'specs.smi-spec.io/TCPRoute': { versions: all, read: readPortRoute },
  'specs.smi-spec.io/UDPRoute': { versions: ['v1alpha4'], read: readPortRoute },
};

/** The Service Mesh Interface (SMI v0.6.0), in all versions of its kinds. */
export const smiMesh: MeshReader = {
  name: 'smi',
  reads: Object.keys(kinds).map((name) => {
    const [group = '', kind = ''] = name.split('/');
    return { group, kind };
  }),
  read(resource) {
    const name = `${groupOf(resource.apiVersion)}/${resource.kind}`;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return undefined;
    if (kind.versions.includes(versionOf(resource))) return kind.read(resource);
    const origin = { resource: keyOf(resource), field: 'apiVersion' };
    const message = `apiVersion ${resource.apiVersion} is not one of ${kind.versions.join(', ')}`;
    return { items: [], residues: [{ origin, severity: 'unsupported', message }] };
  },
};
