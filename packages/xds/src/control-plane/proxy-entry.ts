import type { ProxyDescriptor } from '@meshwise/model';
import { PublishedView } from './published-view.ts';

/** A proxy as the control plane keeps it. */
export class ProxyEntry {
  readonly own: PublishedView;
  descriptor: ProxyDescriptor;
  /** Undefined until its views have been given to it. */
  scope: string | undefined;

  constructor(descriptor: ProxyDescriptor) {
    this.descriptor = descriptor;
    this.own = new PublishedView({ name: `${descriptor.id}/own`, owner: descriptor.id });
  }

  get hasUncapturedWorkloads(): boolean {
    return this.descriptor.workloads.some(({ placement }) => placement.capture === 'loopback');
  }
}
