import { ManualClock, silentLogger } from '@meshwise/core';
import { Authority } from '../../apps/server/src/http/auth.ts';
import { createApi } from '../../apps/server/src/http/server.ts';
import type { ApiServices } from '../../apps/server/src/http/services.ts';
import { VERSION } from '../../apps/server/src/version.ts';

export interface DescribedApi {
  readonly api: Awaited<ReturnType<typeof createApi>>;
  readonly authority: Authority;
}

/**
 * The API with all its routes and nothing behind them: whoever comes past the checks finds an error. For its description and
 * for tests of who comes in. `webDirectory` may be one that does not exist; then no page is served.
 */
export async function apiWithoutMesh(options: {
  host: string;
  token: string;
  webDirectory: string;
}): Promise<DescribedApi> {
  const authority = new Authority(options.token, new ManualClock());
  const services = {
    authority,
    logger: silentLogger,
    clock: new ManualClock(),
    ...Object.fromEntries(
      [
        ...['store', 'status', 'proxies', 'attachments', 'capture', 'model', 'taps', 'measuring', 'shiftHistory'],
        ...['traffic', 'stopping'],
      ].map((name) => [name, absent(name)]),
    ),
    shutDown: () => {
      throw new Error('there is no mesh to stop');
    },
  } as unknown as ApiServices;
  const { host, webDirectory } = options;
  const api = await createApi(services, { ownHosts: new Set([host]), webDirectory, version: VERSION });
  await api.ready();
  return { api, authority };
}

/** The OpenAPI document of the API, as text. */
export async function apiDescription(): Promise<string> {
  const { api } = await apiWithoutMesh({ host: '127.0.0.1', token: '', webDirectory: '' });
  const document = JSON.stringify(api.swagger(), null, 2);
  await api.close();
  return `${document}\n`;
}

function absent(name: string): object {
  return new Proxy(
    {},
    {
      get(_target, member) {
        throw new Error(`${name}.${String(member)} was used, and there is none`);
      },
    },
  );
}
