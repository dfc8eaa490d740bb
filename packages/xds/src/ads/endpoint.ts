/**
 * One address on which proxies call. Each has a gRPC server of its own, since a call does not say on which of several
 * Unix sockets it came in, and the socket is the proxy's credential.
 *
 * The socket is opened here and its connections are handed to gRPC: only so is the file never reachable, not even for
 * an instant, with wider permissions than asked for.
 */
import { chmodSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { type ConnectionInjector, Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { type Clock, MeshwiseError } from '@meshwise/core';
import { ADS_SERVICE } from './service.ts';

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

/** gRPC settings: notice peers that are gone, spend nothing on bookkeeping nobody reads. */
const SERVER_OPTIONS = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.enable_channelz': 0,
};

export async function openEndpoint(
  target: ListenTarget,
  handlers: UntypedServiceImplementation,
  clock: Clock,
): Promise<AdsEndpoint> {
  const grpc = new Server(SERVER_OPTIONS);
  grpc.addService(ADS_SERVICE, handlers);
  const injector: ConnectionInjector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const connections = new Set<Socket>();
  const listener = createServer((connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    connection.on('error', () => connection.destroy());
    injector.injectConnection(connection);
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
      injector.destroy();
      grpc.forceShutdown();
      // Leaves a moment for the status of ended streams to be read.
      await Promise.race([closed, clock.sleep(200)]);
      for (const connection of connections) connection.destroy();
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
