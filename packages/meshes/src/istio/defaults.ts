import type { MeshDefaults } from '@meshwise/model';

/** What Istio does where no resource says anything (mesh configuration and API reference of Istio 1.2x). */
export const ISTIO_DEFAULTS: MeshDefaults = {
  mutualTls: 'permissive',
  loadBalancer: 'least-request',
  connectTimeoutMs: 10_000,
  retries: { attempts: 2, retryOn: 'connect-failure,refused-stream,unavailable,cancelled' },
};
