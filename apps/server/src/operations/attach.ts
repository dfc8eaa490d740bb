import type { AttachRequest, AttachResponse } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { Capture } from '@meshwise/platform';
import { keyOf, type WorkloadEntrySpec } from '@meshwise/resources';
import { bootstrap, grpcBootstrap, HTTP_PROXY_PORT } from '@meshwise/xds';
import { attachedEntry } from '../attach/attached-entry.ts';
import { type Attachment, type Attachments, WORKLOAD_ENTRY } from '../attach/attachments.ts';
import { apply, type Configuration } from './apply.ts';

export interface AttachContext extends Configuration {
  readonly attachments: Attachments;
  readonly capture: Pick<Capture, 'mode' | 'rootless' | 'outside' | 'meshProcess'>;
}

/**
 * Writes the WorkloadEntry of a process that joins from outside, and answers with what to start it with once it is expected.
 * Asked again, it answers the same. Throws MW2001 when there is no such group.
 */
export async function attach(context: AttachContext, request: AttachRequest): Promise<AttachResponse> {
  const { store } = context;
  const namespace = request.namespace ?? 'default';
  const { group: apiGroup } = WORKLOAD_ENTRY;
  const group =
    request.workloadGroup === undefined
      ? undefined
      : await store.get({ group: apiGroup, kind: 'WorkloadGroup', namespace, name: request.workloadGroup });
  if (request.workloadGroup !== undefined && group === undefined) {
    throw new MeshwiseError('MW2001', `there is no WorkloadGroup ${namespace}/${request.workloadGroup}`);
  }
  if (request.kind === 'grpc' && request.role === 'gateway') {
    throw new MeshwiseError('MW1004', 'a gRPC client is no gateway', { field: 'role' });
  }
  const { items } = await store.list(WORKLOAD_ENTRY);
  const before = items.find(
    ({ metadata }) => metadata.name === request.name && (metadata.namespace ?? 'default') === namespace,
  );
  const taken = new Set(items.flatMap(({ spec }) => (spec as WorkloadEntrySpec | undefined)?.address ?? []));
  const entry = attachedEntry({ request, namespace, group, before, taken });
  const file = { name: `WorkloadEntry ${namespace}/${request.name}`, text: JSON.stringify(entry) };
  const { problems } = await apply(context, { files: [file], namespace, force: true });
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) throw new MeshwiseError('MW1004', wrong.message, { field: wrong.field ?? '' });
  // What others have written into it stays.
  const stored = await store.get(keyOf(entry));
  const attachment = await context.attachments.served(stored ?? entry);
  return {
    object: { kind: 'WorkloadEntry', namespace, name: request.name },
    kind: request.kind,
    proxy: attachment.descriptor.id,
    bootstrap: bootstrapOf(attachment, context.capture),
    advice: await adviceFor(attachment, context.capture),
  };
}

function bootstrapOf(attachment: Attachment, { outside }: AttachContext['capture']): unknown {
  const { kind, descriptor: proxy, adsSocketPath, adminSocketPath } = attachment;
  if (kind === 'grpc') return grpcBootstrap({ proxy, adsSocketPath });
  const resolver = outside?.resolver;
  return bootstrap({ proxy, adsSocketPath, adminSocketPath, ...(resolver === undefined ? {} : { resolver }) });
}

/** What whoever starts the process has to know, in sentences. */
async function adviceFor({ kind, descriptor }: Attachment, capture: AttachContext['capture']): Promise<string[]> {
  const start =
    kind === 'envoy'
      ? 'envoy -c FILE --disable-hot-restart'
      : 'GRPC_XDS_BOOTSTRAP=FILE your-program, with targets such as xds:///HOST:PORT';
  const [workload] = descriptor.workloads;
  const meshProcess = await capture.meshProcess?.();
  const where =
    meshProcess === undefined
      ? `Start: ${start}`
      : `Start in the mesh's network: nsenter --target ${meshProcess} ${capture.rootless ? '--user --preserve-credentials ' : ''}--net --mount ${start}`;
  return [
    `Save the bootstrap as FILE. ${where}`,
    ...(workload === undefined
      ? []
      : [
          `Its program listens on ${workload.placement.programIp} and calls through http_proxy=http://${workload.placement.podIp}:${HTTP_PROXY_PORT}.`,
        ]),
    'The ADS socket in the bootstrap is the credential: only your own user can open it.',
  ];
}
