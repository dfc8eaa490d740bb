/**
 * One address on which proxies call. Whoever listens knows from it on which of several Unix sockets a call came in, and
 * the socket is the proxy's credential.
 */
import { chmodSync, unlinkSync } from 'node:fs';
import type { ServerHttp2Session } from 'node:http2';
import { createConnection, createServer } from 'node:net';
import { type Clock, MeshwiseError } from '@meshwise/core';
import { type IncomingCall, serveConnection } from './grpc/connection.ts';

/** Where to listen: a Unix socket, or TCP without encryption, which is meant for loopback only. */
export type ListenTarget =
  | {
      readonly socketPath: string;
      /** Permissions of the socket file. Default 0o600. */
      readonly mode?: number | undefined;
    }
  | { readonly host: string; readonly port: number };

export interface AdsEndpoint {
  readonly target: ListenTarget;
  /** As gRPC clients write it: `unix:/path` or `host:port`. */
  readonly address: string;
  /** Takes no more calls and ends connections; streams must have been ended before. */
  close(): Promise<void>;
}

/** How long the status of ended streams has to be read before their connections are cut. */
const CLOSE_GRACE_MS = 200;

export async function openEndpoint(
  target: ListenTarget,
  take: (incoming: IncomingCall) => void,
  clock: Clock,
): Promise<AdsEndpoint> {
  const sessions = new Set<ServerHttp2Session>();
  const listener = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const session = serveConnection(socket, clock, take);
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  await listen(listener, target);
  const bound = listener.address();
  const actual =
    'host' in target && bound !== null && typeof bound === 'object' ? { ...target, port: bound.port } : target;
  return {
    target: actual,
    address: 'host' in actual ? `${actual.host}:${actual.port}` : `unix:${actual.socketPath}`,
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const session of sessions) session.close();
      await Promise.race([closed, clock.sleep(CLOSE_GRACE_MS)]);
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

async function listen(listener: ReturnType<typeof createServer>, target: ListenTarget): Promise<void> {
  if ('socketPath' in target) await removeStaleSocket(target.socketPath);
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown) => {
      const place = 'host' in target ? `${target.host}:${target.port}` : target.socketPath;
      reject(new MeshwiseError('MW5001', `cannot listen on ${place}`, {}, { cause }));
    };
    listener.once('error', fail);
    listener.once('listening', () => {
      listener.off('error', fail);
      if ('socketPath' in target) chmodSync(target.socketPath, target.mode ?? 0o600);
      resolve();
    });
    if ('host' in target) {
      listener.listen(target.port, target.host);
      return;
    }
    // Not by umask: that is the whole process's, and other files are made meanwhile. To connect takes the right to write,
    // which no usual umask gives to others, so the moment before the mode is set lets nobody in.
    listener.listen(target.socketPath);
  });
}

/** A socket file outlives its process. One that still answers belongs to somebody and is left alone. */
async function removeStaleSocket(path: string): Promise<void> {
  const isStale = await new Promise<boolean>((resolve) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(false);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
  if (isStale) unlinkSync(path);
}
