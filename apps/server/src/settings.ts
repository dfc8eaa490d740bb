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
