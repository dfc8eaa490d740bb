import { selects } from '@meshwise/model';
import type { Resource, ResourceStore, ServiceSpec } from '@meshwise/resources';
import type { MeasuredKind } from './measured-kinds.ts';

/** Which pods belong to which resources. Resources are named `namespace/name`, namespaces and nothing else `name`. */
export interface Population {
  /** The resources of a kind that a pod is part of: itself, its namespace, its owners, the services that select it. */
  resourcesOf(kind: MeasuredKind['kind'], pod: string): readonly string[];
}

const REPLICA_SETS = { group: 'apps', kind: 'ReplicaSet' } as const;

export async function readPopulation(store: Pick<ResourceStore, 'list'>): Promise<Population> {
  const [pods, services, replicaSets] = await Promise.all(
    [{ group: '', kind: 'Pod' }, { group: '', kind: 'Service' }, REPLICA_SETS].map(
      async (kind) => (await store.list(kind)).items,
    ),
  );
  return populationOf(pods ?? [], services ?? [], replicaSets ?? []);
}

export function populationOf(
  pods: readonly Resource[],
  services: readonly Resource[],
  replicaSets: readonly Resource[],
): Population {
  const byName = new Map(pods.map((pod) => [nameOf(pod), pod]));
  const sets = new Map(replicaSets.map((set) => [nameOf(set), set]));
  // An answer asks for the same pods again and again, and each time all services would be looked at.
  const servicesOf = new Map<string, readonly string[]>();
  return {
    resourcesOf(kind, name) {
      const pod = byName.get(name);
      if (pod === undefined) return [];
      const namespace = pod.metadata.namespace ?? '';
      if (kind === 'Pod') return [name];
      if (kind === 'Namespace') return [namespace];
      if (kind === 'Service') {
        const found = servicesOf.get(name) ?? services.filter((service) => isSelected(service, pod)).map(nameOf);
        servicesOf.set(name, found);
        return found;
      }
      const owners = ownersOf(pod);
      const above = owners.flatMap((owner) => ownersOf(sets.get(`${namespace}/${owner.name}`)));
      const all = kind === 'Deployment' ? above : owners;
      return all.filter((owner) => owner.kind === kind).map((owner) => `${namespace}/${owner.name}`);
    },
  };
}

export function nameOf({ metadata }: Pick<Resource, 'metadata'>): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

function ownersOf(resource: Resource | undefined) {
  return resource?.metadata.ownerReferences ?? [];
}

function isSelected(service: Resource, pod: Resource): boolean {
  const { selector } = (service.spec ?? {}) as Partial<ServiceSpec>;
  if (service.metadata.namespace !== pod.metadata.namespace || selector === undefined) return false;
  return Object.keys(selector).length > 0 && selects(selector, pod.metadata.labels ?? {});
}
