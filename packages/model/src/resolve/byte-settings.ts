import type { ByteSettings } from '../plan.ts';
import { defined } from '../reading/defined.ts';
import type { PortSettings } from './traffic-settings.ts';

/**
 * What a policy says of connections that are passed on as bytes. It concerns the listener, not the cluster: with several
 * destinations that of the first one holds (Istio, `connectionPool.tcp.idleTimeout`, `tunnel`).
 */
export function byteSettingsOf(settings: PortSettings): ByteSettings {
  const { connectionPool: pool, loadBalancer: balancer } = settings;
  return defined({
    idleTimeoutMs: pool?.tcpIdleTimeoutMs,
    maxConnectionDurationMs: pool?.maxConnectionDurationMs,
    hashesSourceAddress: balancer?.hash?.kind === 'source-address' ? true : undefined,
    tunnel: settings.tunnel,
  });
}
