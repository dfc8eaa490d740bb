import type { Client } from './client.ts';

/** One control plane with its two proxies. Both sides get the same objects and the same questions. */
export interface Side {
  readonly name: 'istio' | 'meshwise';
  /** Asks as a program in a pod with a sidecar does. */
  readonly mesh: Client;
  /** Asks at the gateway; the question's port is the one that the Gateway resource names. */
  readonly gateway: Client;
  /** Asks the one server that has a sidecar, past all others: in plain text, at the port where it listens. */
  readonly server: Client;
  /** Whether that sidecar has this state of the configuration. */
  isServerAt(generation: number): Promise<boolean>;
  /** Whether the proxies have nothing that still waits for a part of it. */
  isWarm(): Promise<boolean>;
  /** The routes of the gateway's proxy, for whom it lets nobody in. */
  gatewayRoutes(): Promise<string>;
  /** What the proxies refused, which must be nothing. */
  rejections(): readonly string[];
  /** The proxies' configuration, for whoever looks for the reason of a difference. */
  dump(): Promise<readonly string[]>;
  stop(): Promise<void>;
}
