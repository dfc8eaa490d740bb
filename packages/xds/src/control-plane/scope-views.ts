import type { OutboundPlan, ProxyDescriptor } from '@meshwise/model';
import { proxylessResources } from '../envoy/api-listeners.ts';
import { captureResources, destinationResources, explicitProxyResources } from '../envoy/outbound-view.ts';
import type { Outside } from '../envoy/outside.ts';
import { rateLimitCluster } from '../envoy/rate-limit-cluster.ts';
import type { EnvoyResource } from '../envoy/resource.ts';
import type { Gate } from '../screen/gate.ts';
import { Screen } from '../screen/screen.ts';
import type { ResourceView } from '../view/resource-view.ts';
import { PublishedView } from './published-view.ts';

/** Who there is in a scope, besides those whose workloads are captured. */
export interface ScopeUse {
  /** Workloads that have to be told of their proxy. */
  readonly explicitProxy: boolean;
  /** Programs that are their own proxies. */
  readonly proxyless: boolean;
}

/**
 * What the proxies of one scope share: where they may send to, and, for those in front of workloads, how what is sent
 * is understood. Two views, because a gateway needs the first without the second; and a third for programs that are
 * their own proxies, which understand less.
 */
export class ScopeViews {
  readonly #destinations: PublishedView;
  readonly #capture: PublishedView;
  readonly #proxyless: PublishedView;
  #published: ({ readonly plan: OutboundPlan } & ScopeUse) | undefined;

  readonly #screen: Screen;
  /** What is published, for those who refer to it from elsewhere. */
  resources: readonly EnvoyResource[] = [];

  constructor(scope: string, gate: Gate) {
    this.#screen = new Screen(gate, scope);
    this.#destinations = new PublishedView({ name: `${scope}/destinations` });
    this.#capture = new PublishedView({ name: `${scope}/capture` });
    this.#proxyless = new PublishedView({ name: `${scope}/proxyless` });
  }

  /** Whom what is published serves. */
  get use(): ScopeUse {
    return this.#published ?? { explicitProxy: false, proxyless: false };
  }

  publish(
    plan: OutboundPlan,
    options: ScopeUse & {
      readonly rateLimitSocketPath?: string | undefined;
      readonly outside?: Outside | undefined;
    },
  ): number {
    const { explicitProxy, proxyless, rateLimitSocketPath, outside } = options;
    const asksService = plan.functions?.globalRateLimits === true && rateLimitSocketPath !== undefined;
    const before = this.#published;
    const isSame = before?.plan === plan && before.explicitProxy === explicitProxy && before.proxyless === proxyless;
    if (isSame && !this.#screen.isDue) return 0;
    const screened = this.#screen.outbound(plan);
    const destinations = [
      ...destinationResources(screened, outside),
      ...(asksService ? [rateLimitCluster(rateLimitSocketPath)] : []),
    ];
    const capture = [
      ...captureResources(screened, outside),
      ...(explicitProxy ? explicitProxyResources(screened) : []),
    ];
    const patched = this.#screen.scope(plan, destinations, capture);
    this.resources = patched.all;
    const changed =
      this.#destinations.publish(patched.destinations) +
      this.#capture.publish(patched.capture) +
      this.#proxyless.publish(proxyless ? proxylessResources(screened) : []);
    this.#published = { plan, explicitProxy, proxyless };
    return changed;
  }

  /** The scope has no proxies any more. */
  close(): void {
    this.#screen.close();
  }

  viewsFor({ role, client }: ProxyDescriptor): ResourceView[] {
    if (client === 'grpc') return [this.#proxyless.view];
    const destinations = this.#destinations.view;
    return role === 'gateway' ? [destinations] : [this.#capture.view, destinations];
  }
}
