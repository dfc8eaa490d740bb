import type { MeshReader } from '@meshwise/model';
import { groupOf, keyOf } from '@meshwise/resources';
import { readTrafficPolicy } from './read/traffic-policy.ts';

const GROUP = 'meshwise.dev';
const VERSION = `${GROUP}/v1alpha1`;

/** Our own kinds: functions that Envoy has and no other dialect configures. */
export const meshwiseMesh: MeshReader = {
  name: 'meshwise',
  reads: [{ group: GROUP, kind: 'TrafficPolicy' }],
  read(resource) {
    if (groupOf(resource.apiVersion) !== GROUP || resource.kind !== 'TrafficPolicy') return undefined;
    if (resource.apiVersion === VERSION) return readTrafficPolicy(resource);
    const origin = { resource: keyOf(resource), field: 'apiVersion' };
    const message = `apiVersion ${resource.apiVersion} is not ${VERSION}`;
    return { items: [], residues: [{ origin, severity: 'unsupported', message }] };
  },
};
