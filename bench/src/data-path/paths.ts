import { HTTP_PROXY_PORT } from '@meshwise/xds';
import { ADDRESSES, PORT } from './addresses.ts';
import type { Sidecars } from './generated.ts';
import type { Target } from './http-connection.ts';
import type { RunningEnvoy } from './start-envoy.ts';

/** A way that requests take. */
export type PathName = 'direct' | 'one-generated' | 'one-static' | 'two-generated' | 'two-static';

export interface Path {
  readonly name: PathName;
  readonly target: Target;
  /** What stands in the way; its CPU is counted. */
  readonly proxies: readonly RunningEnvoy[];
}

const AUTHORITY = `server:${PORT}`;

export function pathsOf(generated: Sidecars, handWritten: Sidecars): Path[] {
  const toServer = (host: string): Target => ({ host, port: PORT, path: '/', authority: AUTHORITY });
  const toClient = (host: string): Target => ({
    host,
    port: HTTP_PROXY_PORT,
    path: `http://${AUTHORITY}/`,
    authority: AUTHORITY,
  });
  const both = ({ client, server }: Sidecars) => [client, server];
  return [
    { name: 'direct', target: toServer(ADDRESSES.app), proxies: [] },
    { name: 'one-generated', target: toServer(ADDRESSES.generatedServer), proxies: [generated.server] },
    { name: 'one-static', target: toServer(ADDRESSES.staticServer), proxies: [handWritten.server] },
    { name: 'two-generated', target: toClient(ADDRESSES.generatedClient), proxies: both(generated) },
    { name: 'two-static', target: toClient(ADDRESSES.staticClient), proxies: both(handWritten) },
  ];
}
