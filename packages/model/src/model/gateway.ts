import type { ServerTls } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ItemBase } from './item.ts';
import type { BackendReference } from './routing.ts';

/** Which routes may be attached to a listener (Gateway API, `allowedRoutes`). */
export interface AdmittedRoutes {
  readonly namespaces: 'same' | 'all' | 'none' | { readonly selector: LabelSelector };
  /** Empty: those that the protocol of the listener can carry. */
  readonly kinds: readonly { readonly group: string; readonly kind: string }[];
}

/** Kubernetes' LabelSelector. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }[];
}

export interface GatewayServer {
  readonly port: number;
  /** `http`: plain; `https`: TLS that ends here with HTTP inside; `tls`: TLS, passed on or ended with bytes inside. */
  readonly protocol: 'http' | 'https' | 'tls' | 'tcp';
  readonly portName?: string;
  /** As written: `*`, `*.example.com`, `bookinfo/shop.example.com`, `./shop.example.com`. */
  readonly hosts: readonly string[];
  /** Absent with `tls`: passed through by server name, as TLS routes say. */
  readonly tls?: ServerTls;
  /** Passed through to the service that the server name itself names (AUTO_PASSTHROUGH). */
  readonly passesToNamedService?: boolean;
  readonly redirectsToHttps?: boolean;
  /** Set for listeners of the Gateway API, to which `attached-route` items are attached. */
  readonly admits?: AdmittedRoutes;
  /** Secrets that its TLS names; from another namespace they need a ReferenceGrant there. */
  readonly certificateReferences?: readonly (BackendReference & { readonly origin: Origin })[];
  /** Bundles of those whose certificates clients have to show, beside `tls.clientCertificate` (Gateway API, GEP-91). */
  readonly clientAuthorityReferences?: readonly (BackendReference & { readonly origin: Origin })[];
  /** Why the reader of a listener of the Gateway API found that it cannot be served; it stays for its status. */
  readonly problem?: ListenerProblem;
  readonly origin: Origin;
}

/** Of which condition of a listener, in Gateway API's words. */
export interface ListenerProblem {
  readonly condition: 'Accepted' | 'ResolvedRefs';
  /** `UnsupportedProtocol`, `UnsupportedValue`, `InvalidCertificateRef`, … */
  readonly reason: string;
  readonly message: string;
}

export interface GatewayItem extends ItemBase {
  readonly kind: 'gateway';
  /** Proxies with all of these labels, in any namespace. Empty: every gateway. */
  readonly selector: Readonly<Record<string, string>>;
  readonly servers: readonly GatewayServer[];
  /** Gateway API: name of the GatewayClass. Proxies are those that run for it, in its namespace. Absent: Istio's Gateway. */
  readonly className?: string;
  /** Gateway API `spec.addresses`: where it is to be reached, instead of at a gateway that is run for it. */
  readonly addresses?: readonly { readonly type: string; readonly value: string; readonly origin: Origin }[];
}
