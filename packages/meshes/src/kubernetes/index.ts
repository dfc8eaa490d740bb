import type { MeshReader } from '@meshwise/model';
import { groupOf } from '@meshwise/resources';
import { readEndpointSlice } from './read/endpoint-slice.ts';
import { readNamespace } from './read/namespace.ts';
import { readNode } from './read/node.ts';
import { readPod } from './read/pod.ts';
import { readSecret } from './read/secret.ts';
import { readService } from './read/service.ts';

const readers = {
  '/Namespace': readNamespace,
  '/Node': readNode,
  '/Pod': readPod,
  '/Secret': readSecret,
  '/Service': readService,
  'discovery.k8s.io/EndpointSlice': readEndpointSlice,
};

/** What Kubernetes itself says about services and workloads; every mesh on it builds on this. */
export const kubernetesMesh: MeshReader = {
  name: 'kubernetes',
  reads: [
    { group: '', kind: 'Namespace' },
    { group: '', kind: 'Node' },
    { group: '', kind: 'Pod' },
    { group: '', kind: 'Secret' },
    { group: '', kind: 'Service' },
    { group: 'discovery.k8s.io', kind: 'EndpointSlice' },
  ],
  read(resource) {
    const kind = `${groupOf(resource.apiVersion)}/${resource.kind}`;
    return Object.hasOwn(readers, kind) ? readers[kind as keyof typeof readers](resource) : undefined;
  },
};
