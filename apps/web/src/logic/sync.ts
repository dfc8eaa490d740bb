import type { ProxyView } from '@meshwise/api';

/** How a proxy stands to the configuration meant for it. A rejection explains why it is not synced, so it comes first. */
export type Sync = 'rejected' | 'disconnected' | 'pending' | 'synced';

export function syncOf(proxy: Pick<ProxyView, 'connected' | 'synced' | 'types'>): Sync {
  if (proxy.types.some((type) => !type.synced && type.lastRejection !== null)) return 'rejected';
  if (!proxy.connected) return 'disconnected';
  return proxy.synced ? 'synced' : 'pending';
}

export type TypeSync = 'rejected' | 'pending' | 'synced';

export function typeSyncOf(type: ProxyView['types'][number]): TypeSync {
  if (type.synced) return 'synced';
  return type.lastRejection === null ? 'pending' : 'rejected';
}
