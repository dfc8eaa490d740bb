import { request } from 'node:http';

/** One request to Envoy's admin interface, which listens on a Unix socket of its own. */
export function adminRequest(
  socketPath: string,
  path: string,
  options: { method?: 'GET' | 'POST'; timeoutMs?: number } = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath, path, method: options.method ?? 'GET', timeout: options.timeoutMs ?? 2_000, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', reject);
      },
    );
    call.on('timeout', () => call.destroy(new Error('the admin interface did not answer in time')));
    call.on('error', reject);
    call.end();
  });
}

/** Whether Envoy is live: its first configuration is complete and its listeners are open. Undefined without an answer. */
export async function readiness(socketPath: string): Promise<boolean | undefined> {
  try {
    return (await adminRequest(socketPath, '/ready')).status === 200;
  } catch {
    return undefined;
  }
}

/** What a process says of itself. */
interface ServerInfo {
  readonly state?: string;
  readonly command_line_options?: { readonly restart_epoch?: number; readonly base_id_path?: string };
}

/**
 * True once that very process is live. While one takes the place of another, two have the same admin socket one after the
 * other, so that an answer alone does not say whose it is.
 */
export async function isLive(socketPath: string, who: { epoch: number; baseIdPath: string }): Promise<boolean> {
  try {
    const { state, command_line_options: options } = JSON.parse(
      (await adminRequest(socketPath, '/server_info')).body,
    ) as ServerInfo;
    return state === 'LIVE' && (options?.restart_epoch ?? 0) === who.epoch && options?.base_id_path === who.baseIdPath;
  } catch {
    return false;
  }
}

/** Whether clients still have connections to a process; undefined without an answer. */
export async function hasConnections(socketPath: string): Promise<boolean | undefined> {
  try {
    const path = `/stats?filter=${encodeURIComponent('^listener\\..*downstream_cx_active$')}`;
    const { body } = await adminRequest(socketPath, path);
    const lines = body.split('\n').filter((line) => !line.startsWith('listener.admin.'));
    return lines.some((line) => /: [1-9]\d*$/.test(line));
  } catch {
    return undefined;
  }
}
