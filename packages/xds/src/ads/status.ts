/** What a status page or `proxy status` needs to know of a proxy. Unknown is absent, never zero. */
import type { XdsType } from '../types.ts';

export interface NackRecord {
  readonly type: XdsType;
  readonly nonce: string;
  readonly version: string;
  /** The client's own words. */
  readonly message: string;
  /** The rejected resources: named by the message or found by trying halves. Empty while that goes on. */
  readonly resources: readonly string[];
  readonly atMs: number;
  /** Still in force: what was rejected has not been replaced or withdrawn. */
  readonly isOpen: boolean;
}

export interface TypeStatus {
  readonly sentVersion?: string | undefined;
  readonly ackedVersion?: string | undefined;
  readonly sentAtMs?: number | undefined;
  readonly ackedAtMs?: number | undefined;
  /** Resources the proxy has asked for that exist. */
  readonly resourceCount: number;
  /** Something is to be sent, or was sent and is not acknowledged. */
  readonly pending: boolean;
  readonly lastNack?: NackRecord | undefined;
}

export interface ProxyStatus {
  readonly id: string;
  /** Undefined while no stream is open. */
  readonly connectedSinceMs?: number | undefined;
  readonly variant?: 'delta' | 'sotw' | undefined;
  /** `user_agent_name` and build version, as the client says. */
  readonly client?: string | undefined;
  readonly types: Readonly<Partial<Record<XdsType, TypeStatus>>>;
  /** Connected, everything acknowledged, nothing rejected. */
  readonly synced: boolean;
  /** Requests for secrets that are not this proxy's. */
  readonly refusedSecrets: number;
}

export type AdsEvent =
  | { readonly kind: 'connected' | 'disconnected'; readonly proxy: string }
  | { readonly kind: 'sent' | 'acked'; readonly proxy: string; readonly type: XdsType; readonly version: string }
  | { readonly kind: 'nacked'; readonly proxy: string; readonly type: XdsType; readonly nack: NackRecord }
  | { readonly kind: 'secretRefused'; readonly proxy: string; readonly names: readonly string[] };
