import type { MeshDefaults } from '@meshwise/model';

/** What Istio does where no resource says anything (mesh configuration and API reference of Istio 1.2x). */
export const ISTIO_DEFAULTS: MeshDefaults = {
  mutualTls: 'permissive',
  loadBalancer: 'least-request',
  connectTimeoutMs: 10_000,
  // `localityLbSetting.enabled` of the mesh configuration: near endpoints first, as soon as sick ones are found out.
  locality: { enabled: true, distribute: [], failover: [], failoverPriority: [] },
  retries: { attempts: 2, retryOn: 'connect-failure,refused-stream,unavailable,cancelled' },
  unknownDestinations: 'pass-through',
};
