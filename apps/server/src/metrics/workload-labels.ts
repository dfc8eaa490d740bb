import type { PodSpec, Resource } from '@meshwise/resources';
import type { Labels } from './exposition.ts';

/** Who takes part in a request, as Istio's standard metrics name it. */
export interface Party {
  readonly workload: string;
  readonly namespace: string;
  readonly app: string;
  readonly version: string;
  readonly canonicalService: string;
  readonly canonicalRevision: string;
}

export const UNKNOWN = 'unknown';
export const NOBODY: Party = {
  workload: UNKNOWN,
  namespace: UNKNOWN,
  app: UNKNOWN,
  version: UNKNOWN,
  canonicalService: UNKNOWN,
  canonicalRevision: UNKNOWN,
};

/** The party that a pod is. Its workload is what injection wrote into its proxy; a pod without proxy is named after itself. */
export function partyOf(pod: Resource): Party {
  const { labels = {}, namespace = 'default', name } = pod.metadata;
  const { containers = [] } = (pod.spec ?? {}) as Partial<PodSpec>;
  const variables = containers.flatMap(({ env }) => env ?? []);
  return {
    workload: variables.find((variable) => variable.name === 'ISTIO_META_WORKLOAD_NAME')?.value ?? name,
    namespace,
    app: labels['app'] ?? UNKNOWN,
    version: labels['version'] ?? UNKNOWN,
    canonicalService: labels['service.istio.io/canonical-name'] ?? labels['app'] ?? UNKNOWN,
    canonicalRevision: labels['service.istio.io/canonical-revision'] ?? labels['version'] ?? UNKNOWN,
  };
}

/** One party for all of them, or nobody in particular. */
export function commonParty(parties: readonly Party[]): Party {
  const [first] = parties;
  if (first === undefined) return NOBODY;
  const same = (key: keyof Party) => (parties.every((party) => party[key] === first[key]) ? first[key] : UNKNOWN);
  return {
    workload: same('workload'),
    namespace: same('namespace'),
    app: same('app'),
    version: same('version'),
    canonicalService: same('canonicalService'),
    canonicalRevision: same('canonicalRevision'),
  };
}

export function partyLabels(side: 'source' | 'destination', party: Party): Labels {
  return {
    [`${side}_workload`]: party.workload,
    [`${side}_workload_namespace`]: party.namespace,
    [`${side}_app`]: party.app,
    [`${side}_version`]: party.version,
    [`${side}_canonical_service`]: party.canonicalService,
    [`${side}_canonical_revision`]: party.canonicalRevision,
  };
}
