import type { ProxyDescriptor } from '@meshwise/model';
import type { Gate } from '../screen/gate.ts';
import { Screen } from '../screen/screen.ts';
import { PublishedView } from './published-view.ts';
import type { ScopeUse } from './scope-views.ts';

/** A proxy as the control plane keeps it. */
export class ProxyEntry {
  readonly own: PublishedView;
  readonly screen: Screen;
  descriptor: ProxyDescriptor;
  /** Undefined until its views have been given to it. */
  scope: string | undefined;

  constructor(descriptor: ProxyDescriptor, gate: Gate) {
    this.screen = new Screen(gate, descriptor.id);
    this.descriptor = descriptor;
    this.own = new PublishedView({ name: `${descriptor.id}/own`, owner: descriptor.id });
  }

  get use(): ScopeUse {
    const { workloads, client } = this.descriptor;
    const explicitProxy = workloads.some(({ placement }) => placement.capture === 'loopback');
    return { explicitProxy, proxyless: client === 'grpc' };
  }
}
