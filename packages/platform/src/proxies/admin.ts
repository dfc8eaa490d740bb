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

/** True once Envoy is live: its first configuration is complete and its listeners are open. */
export async function isReady(socketPath: string): Promise<boolean> {
  try {
    return (await adminRequest(socketPath, '/ready')).status === 200;
  } catch {
    return false;
  }
}
