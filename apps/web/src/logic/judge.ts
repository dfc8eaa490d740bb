import type { ProxyView, StatusView } from '@meshwise/api';
import { formatRelative, parseTime } from './time.ts';

/**
 * The status with what follows from it: a proxy whose certificate has expired fails, whatever it says of itself, since its
 * peers refuse it. Done once on receipt, so that lists, counts and tables cannot disagree.
 */
export function judge(status: StatusView): StatusView {
  const atMs = parseTime(status.at);
  if (atMs === undefined) return status;
  return { ...status, proxies: status.proxies.map((proxy) => judgeProxy(proxy, atMs)) };
}

/** Whether a certificate is past its end; without one there is nothing to expire. */
export function isExpired(certificateExpiresAt: string | null, nowMs: number): boolean {
  const expiresAtMs = parseTime(certificateExpiresAt);
  return expiresAtMs !== undefined && expiresAtMs <= nowMs;
}

function judgeProxy(proxy: ProxyView, atMs: number): ProxyView {
  if (!isExpired(proxy.certificateExpiresAt, atMs)) return proxy;
  const expired = `The certificate expired ${formatRelative(parseTime(proxy.certificateExpiresAt) ?? atMs, atMs)}`;
  return { ...proxy, health: 'failing', reason: proxy.reason === null ? expired : `${expired}. ${proxy.reason}` };
}
