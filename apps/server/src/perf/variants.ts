import { MeshwiseError } from '@meshwise/core';
import type { PathVariant } from '@meshwise/performance';
import type { ServiceTarget } from './find-service.ts';
import type { ServerPod } from './server-pod.ts';

const ALL: readonly PathVariant[] = ['none', 'server', 'both'];

export interface ChosenVariants {
  readonly variants: readonly PathVariant[];
  readonly notes: readonly string[];
}

/**
 * Which ways to one pod of a service can be measured, and what the reader of the result has to know of them. Throws MW8006 when
 * fewer than two are left: one way alone compares with nothing.
 */
export function chooseVariants(
  wanted: readonly PathVariant[] | undefined,
  service: Pick<ServiceTarget, 'name' | 'namespace'>,
  pods: readonly ServerPod[],
  clientHasSidecar: boolean,
): ChosenVariants {
  const [server] = pods;
  const notes: string[] = [];
  const leftOut = new Map<PathVariant, string>();
  if (server?.mutualTls === 'strict') {
    leftOut.set('server', 'PeerAuthentication STRICT: its sidecar takes no plain text from a client without one');
  }
  if (!clientHasSidecar)
    leftOut.set('both', `namespace ${service.namespace} gives pods no sidecar, so the client has none`);
  const variants = (wanted ?? ALL).filter((variant) => !leftOut.has(variant));
  for (const variant of wanted ?? ALL) {
    const why = leftOut.get(variant);
    if (why !== undefined) notes.push(`“${variant}” was left out: ${why}.`);
  }
  if (variants.length < 2) throw new MeshwiseError('MW8006', `fewer than two ways can be measured. ${notes.join(' ')}`);
  return { variants, notes: [...notes, ...pathNotes(service, pods)] };
}

function pathNotes({ name }: Pick<ServiceTarget, 'name'>, pods: readonly ServerPod[]): readonly string[] {
  const [server] = pods;
  if (server === undefined) return [];
  return [
    `Calls that ${name} makes itself go through sidecars in every variant: what differs is the way to ${name} alone.`,
    ...(pods.length === 1
      ? []
      : [
          `${name} has ${pods.length} ready pods. “none” and “server” ask ${server.name} alone, “both” is spread over all of them: unlike programs or busy pods make differences that no sidecar made.`,
        ]),
    ...(server.mutualTls === 'disable' ? ['Mutual TLS is off for this port, so “both” has none to pay for.'] : []),
    ...(server.protocol === 'tcp'
      ? ['This port is TCP to the sidecars: they pass bytes on and do not read requests.']
      : []),
  ];
}
