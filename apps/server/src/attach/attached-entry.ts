import type { AttachRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { ATTACHED_ANNOTATION, attachedKindOf } from '@meshwise/meshes';
import type { Resource, WorkloadEntrySpec, WorkloadGroupSpec } from '@meshwise/resources';
import { PROGRAM_ADDRESS, portName, ROLE_ANNOTATION } from './attached-proxy.ts';

const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

export interface EntryParts {
  readonly request: AttachRequest;
  readonly namespace: string;
  readonly group: Resource | undefined;
  readonly before: Resource | undefined;
  /** Addresses of all WorkloadEntries there are. */
  readonly taken: ReadonlySet<string>;
}

/**
 * The WorkloadEntry of a process that is to be attached: the template of its group (Istio, WorkloadGroup reference), and over
 * that what was asked for. Throws MW2005 when a WorkloadEntry of that name stands for a process that nobody attached.
 */
export function attachedEntry({ request, namespace, group, before, taken }: EntryParts): Resource {
  const { name, kind } = request;
  if (before !== undefined && attachedKindOf(before) === undefined) {
    throw new MeshwiseError('MW2005', `WorkloadEntry ${namespace}/${name} is of a process that was not attached`, {
      advice: 'Choose another name, or delete the WorkloadEntry first.',
    });
  }
  const { template = {}, metadata = {} } = (group?.spec ?? {}) as Partial<WorkloadGroupSpec>;
  const asked = Object.fromEntries((request.ports ?? []).map(portOf));
  const ports = { ...template.ports, ...asked };
  const serviceAccount = request.serviceAccount ?? template.serviceAccount;
  const spec: WorkloadEntrySpec = {
    ...template,
    address: request.address ?? ownAddress(before) ?? freeAddress(request, taken),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    ...(Object.keys(ports).length === 0 ? {} : { ports }),
    // Whether others speak mutual TLS to it.
    labels: { ...metadata.labels, ...request.labels, [TLS_MODE_LABEL]: kind === 'envoy' ? 'istio' : 'disabled' },
  };
  const annotations = {
    ...metadata.annotations,
    [ATTACHED_ANNOTATION]: kind,
    ...(request.role === 'gateway' ? { [ROLE_ANNOTATION]: 'gateway' } : {}),
  };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name, namespace, annotations },
    spec,
  };
}

/** `8080`, `http:8080`, or of a gateway `80:18080`. */
function portOf(text: string): readonly [name: string, port: number] {
  const [first = '', second] = text.split(':');
  if (second === undefined) return [portName(Number(first)), Number(first)];
  return [/^\d+$/.test(first) ? portName(Number(first)) : first, Number(second)];
}

function ownAddress(before: Resource | undefined): string | undefined {
  return ((before?.spec ?? {}) as WorkloadEntrySpec).address;
}

/** Loopback addresses, which mean the same machine in every network namespace; pods and programs have others. */
const RANGE = '127.246';

function freeAddress({ kind, role }: AttachRequest, taken: ReadonlySet<string>): string {
  // A gateway is called as the machine is; a gRPC client stands for itself and takes the ports it wants.
  if (kind === 'grpc' || role === 'gateway') return PROGRAM_ADDRESS;
  for (let number = 1; number < 65_535; number += 1) {
    const address = `${RANGE}.${number >> 8}.${number & 255}`;
    if (!taken.has(address)) return address;
  }
  throw new MeshwiseError('MW2005', `every address of ${RANGE}.0.0/16 is in use`);
}
