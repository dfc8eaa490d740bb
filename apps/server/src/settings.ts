import { MeshwiseError } from '@meshwise/core';
import { parseDurationMs } from '@meshwise/resources';
import type { Home } from './home.ts';
import { readJson, writePrivate } from './home.ts';

/** What a start is asked for; `null` means: as last time, else the default. */
export interface DaemonRequest {
  readonly home: string;
  readonly capture: 'auto' | 'netns' | 'loopback';
  readonly sample: string;
  readonly gatewayPort: number | null;
  readonly apiPort: number | null;
}

/** What stays the same from start to start. */
export interface Settings {
  readonly apiPort: number;
  readonly gatewayPort: number;
}

export async function readSettings(home: Home): Promise<Partial<Settings>> {
  const stored = (await readJson(home.settings)) as Partial<Record<keyof Settings, unknown>> | undefined;
  const port = (value: unknown) => (typeof value === 'number' && value > 0 && value < 65_536 ? value : undefined);
  const apiPort = port(stored?.apiPort);
  const gatewayPort = port(stored?.gatewayPort);
  return { ...(apiPort === undefined ? {} : { apiPort }), ...(gatewayPort === undefined ? {} : { gatewayPort }) };
}

export async function writeSettings(home: Home, settings: Settings): Promise<void> {
  await writePrivate(home.settings, JSON.stringify(settings));
}

const LIFETIME = 'MESHWISE_WORKLOAD_LIFETIME';

/** How long certificates of workloads live, as `24h` or `90m`; undefined when nothing is said. Istio: DEFAULT_WORKLOAD_CERT_TTL. */
export function workloadLifetimeMs(env: NodeJS.ProcessEnv): number | undefined {
  const text = env[LIFETIME] ?? '';
  if (text === '') return undefined;
  const found = parseDurationMs(text);
  if (found !== undefined) return found;
  throw new MeshwiseError('MW1004', 'Not a duration', { field: LIFETIME, found: text, expected: 'a duration as 24h' });
}

export function parseRequest(text: string | undefined): DaemonRequest {
  const given = JSON.parse(text ?? '{}') as Partial<DaemonRequest>;
  return {
    home: given.home ?? '',
    capture: given.capture ?? 'auto',
    sample: given.sample ?? 'none',
    gatewayPort: given.gatewayPort ?? null,
    apiPort: given.apiPort ?? null,
  };
}
