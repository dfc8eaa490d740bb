import type { Residue } from '@meshwise/model';
import { keyOf, type Resource } from '@meshwise/resources';

/**
 * Marks a WorkloadEntry whose process joins the mesh from outside and is told by us what to do: an Envoy, or a program that
 * is its own proxy by gRPC's xDS client. `meshwise proxy attach` writes it.
 */
export const ATTACHED_ANNOTATION = 'meshwise.dev/attached';
const KINDS = ['envoy', 'grpc'] as const;
export type AttachedKind = (typeof KINDS)[number];

/** How the process of a WorkloadEntry is attached; undefined when it is not. */
export function attachedKindOf({ metadata }: Resource): AttachedKind | undefined {
  return KINDS.find((kind) => kind === metadata.annotations?.[ATTACHED_ANNOTATION]);
}

/** What has to be said of a process that is attached. */
export function attachedResidues(resource: Resource): readonly Residue[] {
  const value = resource.metadata.annotations?.[ATTACHED_ANNOTATION];
  const origin = { resource: keyOf(resource), field: `metadata.annotations["${ATTACHED_ANNOTATION}"]` };
  if (value === undefined || value === 'envoy') return [];
  if (value !== 'grpc') return [{ origin, severity: 'invalid', message: `is not one of ${KINDS.join(', ')}` }];
  return [
    {
      origin,
      severity: 'unsupported',
      message:
        'a proxyless gRPC client has no identity: it calls in plain text, which STRICT services refuse. It obeys subsets, weights, ' +
        'matches of path and headers, timeouts and retries, but no faults, mirrors, rewrites, header operations, redirects, rate limits or patches; ' +
        'every balancer but a hashing one is round robin to it',
    },
  ];
}
