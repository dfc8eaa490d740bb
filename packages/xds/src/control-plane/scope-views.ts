import type { OutboundPlan, ProxyDescriptor } from '@meshwise/model';
import { captureResources, destinationResources, explicitProxyResources } from '../envoy/outbound-view.ts';
import type { ResourceView } from '../view/resource-view.ts';
import { PublishedView } from './published-view.ts';

/**
 * What the proxies of one scope share: where they may send to, and, for those in front of workloads, how what is sent
 * is understood. Two views, because a gateway needs the first without the second.
 */
export class ScopeViews {
  readonly #destinations: PublishedView;
  readonly #capture: PublishedView;
  #published: { readonly plan: OutboundPlan; readonly explicitProxy: boolean } | undefined;

  constructor(scope: string) {
    this.#destinations = new PublishedView({ name: `${scope}/destinations` });
    this.#capture = new PublishedView({ name: `${scope}/capture` });
  }

  publish(plan: OutboundPlan, options: { readonly explicitProxy: boolean }): number {
    const { explicitProxy } = options;
    if (this.#published?.plan === plan && this.#published.explicitProxy === explicitProxy) return 0;
    const changed =
      this.#destinations.publish(destinationResources(plan)) +
      this.#capture.publish([...captureResources(plan), ...(explicitProxy ? explicitProxyResources(plan) : [])]);
    this.#published = { plan, explicitProxy };
    return changed;
  }

  viewsFor(role: ProxyDescriptor['role']): ResourceView[] {
    const destinations = this.#destinations.view;
    return role === 'gateway' ? [destinations] : [this.#capture.view, destinations];
  }
}
