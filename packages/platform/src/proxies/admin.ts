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

/**
 * True once the process of that restart epoch is live. During a hot restart two processes have the same admin socket one after
 * the other, so that an answer alone does not say whose it is.
 */
export async function isEpochLive(socketPath: string, epoch: number): Promise<boolean> {
  try {
    const { body } = await adminRequest(socketPath, '/server_info');
    const info = JSON.parse(body) as { state?: string; command_line_options?: { restart_epoch?: number } };
    return info.state === 'LIVE' && (info.command_line_options?.restart_epoch ?? 0) === epoch;
  } catch {
    return false;
  }
}
