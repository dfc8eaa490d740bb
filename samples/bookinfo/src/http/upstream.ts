/**
 * One GET to another service, with a deadline for the whole answer.
 *
 * Why `node:http` and not `fetch`: behind a proxy variable `http.request` sends the absolute form (`GET http://ratings:9080/…`),
 * which a sidecar routes like any request; `fetch` opens a CONNECT tunnel even for `http://`, and a tunnel cannot be routed
 * by path or header. `NODE_USE_ENV_PROXY=1` reaches the global agent only: an agent of our own is given the environment here.
 *
 * A kept connection may be closed by the other end at the moment it is used again. Such a request was never answered and
 * is sent once more on a new connection; a failure on a new connection is the caller's to see.
 */
import http from 'node:http';
import https from 'node:https';

export interface UpstreamReply {
  readonly status: number;
  readonly body: string;
}

export interface UpstreamOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** For the whole exchange: name, connection, head and body. */
  readonly timeoutMs: number;
}

const useProxyVariables = process.env['NODE_USE_ENV_PROXY'] === '1';
const agentOptions = { keepAlive: true, ...(useProxyVariables ? { proxyEnv: process.env } : {}) };
const plainAgent = new http.Agent(agentOptions);
const tlsAgent = new https.Agent(agentOptions);

export async function getUpstream(url: string, options: UpstreamOptions): Promise<UpstreamReply> {
  const abort = new AbortController();
  const deadline = setTimeout(
    () => abort.abort(new Error(`no answer within ${options.timeoutMs} ms`)),
    options.timeoutMs,
  );
  const state = { staleConnection: false };
  try {
    return await attempt(url, options.headers ?? {}, abort.signal, state);
  } catch (error) {
    if (!state.staleConnection || abort.signal.aborted) throw error;
    return await attempt(url, options.headers ?? {}, abort.signal, state);
  } finally {
    clearTimeout(deadline);
  }
}

/** Closes kept connections; only tests need it. */
export function closeUpstreamConnections(): void {
  plainAgent.destroy();
  tlsAgent.destroy();
}

function attempt(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  state: { staleConnection: boolean },
): Promise<UpstreamReply> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const options = { headers, signal, agent: secure ? tlsAgent : plainAgent };
    const request = (secure ? https : http).get(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      state.staleConnection = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(error);
    });
  });
}
