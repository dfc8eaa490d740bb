import type { Container, PodSpec, PodStatus, Resource } from '@meshwise/resources';
import { PROXY_CONTAINER } from '../injection/index.ts';

/** The status that an earlier daemon wrote of a container, as far as it counts for the next one. */
export interface EarlierStatus {
  readonly name?: string;
  readonly restartCount?: number;
  readonly ready?: boolean;
}

/** One pod as it is stored by now, with what everything that runs it reads there. */
export class CurrentPod {
  readonly podIp: string;
  /** The status that an earlier daemon left: our own first report overwrites it in the store. */
  readonly statusBefore: PodStatus | undefined;
  resource: Resource;

  constructor(resource: Resource, podIp: string) {
    this.resource = resource;
    this.podIp = podIp;
    this.statusBefore = resource.status as PodStatus | undefined;
  }

  get namespace(): string {
    return this.resource.metadata.namespace ?? 'default';
  }
  get name(): string {
    return this.resource.metadata.name;
  }
  /** For logs. */
  get fullName(): string {
    return `${this.resource.metadata.namespace}/${this.name}`;
  }
  get uid(): string {
    return this.resource.metadata.uid ?? this.fullName;
  }
  get spec(): PodSpec {
    return this.resource.spec as PodSpec;
  }
  get status(): PodStatus | undefined {
    return this.resource.status as PodStatus | undefined;
  }
  get graceMs(): number {
    return (this.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }
  /** Its containers but the sidecar's, which is run as a proxy. */
  get programs(): readonly Container[] {
    return this.spec.containers.filter((container) => container.name !== PROXY_CONTAINER);
  }
  get proxyContainer(): Container | undefined {
    return this.spec.containers.find((container) => container.name === PROXY_CONTAINER);
  }

  earlier(container: Container): EarlierStatus | undefined {
    const statuses = (this.statusBefore?.containerStatuses ?? []) as readonly EarlierStatus[];
    return statuses.find(({ name }) => name === container.name);
  }
}
