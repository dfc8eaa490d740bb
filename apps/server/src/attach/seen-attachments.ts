import type { AdsServer } from '@meshwise/xds';
import type { SeenProxy } from '../status/snapshot.ts';
import type { Attachment } from './attachments.ts';

/** An attached process as the status shows it: all that is known of it is whether it calls its control plane. */
export function seenAttachment(
  { kind, key, descriptor }: Attachment,
  ads: Pick<AdsServer, 'proxyStatus'>,
  rest: Pick<SeenProxy, 'certificate' | 'nowMs'>,
): SeenProxy {
  const xds = ads.proxyStatus(descriptor.id);
  const process = xds?.connectedSinceMs === undefined ? 'stopped' : 'running';
  return {
    running: { descriptor, pod: undefined, state: { process, pid: undefined, restarts: 0, lastExit: undefined } },
    attached: { kind, name: `${key.namespace}/${key.name}` },
    xds,
    ...rest,
  };
}
