import { request } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Probe } from '@meshwise/resources';
import { openTunnel } from './tunnel.ts';

/**
 * Outcome of one probe. `unknown` when the way to the program is closed (its proxy is restarting): that says nothing of
 * the program, so it neither counts as success nor as failure.
 */
export type ProbeOutcome =
  | { readonly result: 'success' }
  | { readonly result: 'failure'; readonly reason: string }
  | { readonly result: 'unknown' };

export interface ProbeTarget {
  readonly tunnelSocketPath: string;
  readonly ports: readonly { readonly containerPort: number; readonly name?: string | undefined }[];
  /** Runs a command inside the pod and answers with its exit code. */
  run(command: readonly string[], timeoutMs: number): Promise<number | undefined>;
}

/** One execution of a probe with Kubernetes' meaning: HTTP 200…399, a connection accepted, or exit code 0. */
export async function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeOutcome> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.exec !== undefined) {
    const code = await target.run(probe.exec.command ?? [], timeoutMs);
    return code === 0
      ? { result: 'success' }
      : { result: 'failure', reason: `command ended with ${code ?? 'no'} code` };
  }
  const named = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  const port = typeof named === 'string' ? target.ports.find((entry) => entry.name === named)?.containerPort : named;
  if (port === undefined) return { result: 'failure', reason: `no port ${named ?? ''} in this container` };
  // The tunnel's names are the pod's own view, wherever the capture puts the program.
  const tunnel = await openTunnel(target.tunnelSocketPath, `127.0.0.1:${port}`, timeoutMs);
  if (tunnel === 'no-proxy') return { result: 'unknown' };
  if (tunnel === 'refused') return { result: 'failure', reason: `nothing accepts connections on port ${port}` };
  if (probe.httpGet === undefined) {
    tunnel.socket.destroy();
    return { result: 'success' };
  }
  return httpGet(tunnel.socket, probe.httpGet, port, timeoutMs);
}

function httpGet(
  raw: Socket,
  get: NonNullable<Probe['httpGet']>,
  port: number,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  // As the kubelet does, without looking at the certificate: it is asked whether the program is well, not who it is.
  const socket = get.scheme === 'HTTPS' ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw;
  return new Promise((resolve) => {
    const finish = (outcome: ProbeOutcome) => {
      call.destroy();
      socket.destroy();
      raw.destroy();
      resolve(outcome);
    };
    const headers: Record<string, string> = {
      host: `localhost:${port}`,
      'user-agent': 'meshwise-probe',
      connection: 'close',
    };
    for (const header of get.httpHeaders ?? []) headers[header.name.toLowerCase()] = header.value;
    const call = request({ createConnection: () => socket, path: get.path ?? '/', headers, timeout: timeoutMs });
    call.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const good = status >= 200 && status < 400;
      finish(good ? { result: 'success' } : { result: 'failure', reason: `GET ${get.path ?? '/'} answered ${status}` });
    });
    call.on('timeout', () => finish({ result: 'failure', reason: `GET ${get.path ?? '/'} took over ${timeoutMs} ms` }));
    call.on('error', (error) =>
      finish({ result: 'failure', reason: `GET ${get.path ?? '/'} failed: ${error.message}` }),
    );
    call.end();
  });
}
