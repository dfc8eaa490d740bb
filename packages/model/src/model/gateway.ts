import type { Origin } from '../provenance.ts';
import type { ItemBase } from './item.ts';

export interface GatewayServer {
  readonly port: number;
  readonly protocol: 'http';
  /** As written: `*`, `*.example.com`, `bookinfo/shop.example.com`, `./shop.example.com`. */
  readonly hosts: readonly string[];
  readonly origin: Origin;
}

export interface GatewayItem extends ItemBase {
  readonly kind: 'gateway';
  /** Proxies with all of these labels, in any namespace. Empty: every gateway. */
  readonly selector: Readonly<Record<string, string>>;
  readonly servers: readonly GatewayServer[];
}
