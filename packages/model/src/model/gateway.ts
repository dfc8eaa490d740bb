import type { ServerTls } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ItemBase } from './item.ts';

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
  readonly origin: Origin;
}

export interface GatewayItem extends ItemBase {
  readonly kind: 'gateway';
  /** Proxies with all of these labels, in any namespace. Empty: every gateway. */
  readonly selector: Readonly<Record<string, string>>;
  readonly servers: readonly GatewayServer[];
}
