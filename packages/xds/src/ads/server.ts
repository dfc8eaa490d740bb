/**
 * The aggregated discovery service: one stream per proxy, incremental or state of the world, over sockets of which
 * each may belong to one proxy.
 */
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { ResourceView } from '../view/resource-view.ts';
import type { Variant } from '../view/shared-parts.ts';
import { SubscriptionInterner } from '../view/subscription.ts';
import { lengthOf } from '../view/wire.ts';
import { AdsCall } from './call.ts';
import { type CallCredentials, CredentialTable, type ProxyCredentials } from './credentials.ts';
import { type AdsEndpoint, type ListenTarget, openEndpoint } from './endpoint.ts';
import type { GrpcCall } from './grpc/call.ts';
import type { IncomingCall } from './grpc/connection.ts';
import { type CallEnd, GRPC_STATUS } from './grpc/status.ts';
import { type AdsLimits, DEFAULT_LIMITS } from './limits.ts';
import { NameLists } from './name-lists.ts';
import { ProxyHandle } from './proxy-handle.ts';
import { variantOfMethod } from './service.ts';
import type { AdsEvent, ProxyStatus } from './status.ts';
import { StreamSession } from './stream-session.ts';
import { UnreadBudget } from './unread-budget.ts';
import { ViewWatch } from './view-watch.ts';

export interface AdsServerOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** The id of the proxy that calls, or undefined. Decides alone. Default: by the sockets and tokens of `addProxy`. */
  readonly authenticate?: ((call: CallCredentials) => string | undefined) | undefined;
  readonly limits?: Partial<AdsLimits> | undefined;
}

export interface ProxyRegistration {
  /** The node id it must claim. */
  readonly id: string;
  /** What it sees. Where two have a name, the earlier wins. */
  readonly views: readonly ResourceView[];
  readonly credentials?: ProxyCredentials | undefined;
  /** How many streams it may have at a time, where that is not the limit for all. */
  readonly streams?: number | undefined;
}

/** Counters since the start, for metrics and benches. */
export interface AdsCounters {
  streams: number;
  responses: number;
  responseBytes: number;
  acks: number;
  nacks: number;
  refusedSecrets: number;
  refusedCalls: number;
}

export interface AdsServer {
  addProxy(registration: ProxyRegistration): void;
  /** Gives a proxy other views; its open streams are brought there by differences. */
  setViews(id: string, views: readonly ResourceView[]): void;
  /** Ends its streams and forgets its credentials. */
  removeProxy(id: string): void;
  listen(target: ListenTarget): Promise<AdsEndpoint>;
  proxyStatus(id: string): ProxyStatus | undefined;
  proxyStatuses(): ProxyStatus[];
  /** Called on everything that changes a status; the returned function ends it. */
  onEvent(listener: (event: AdsEvent) => void): () => void;
  counters(): Readonly<AdsCounters>;
  /** Ends all streams with UNAVAILABLE, on which clients reconnect with back-off, and closes all endpoints. */
  close(): Promise<void>;
}

type Send = (pieces: readonly Uint8Array[]) => void;

export function createAdsServer(options: AdsServerOptions): AdsServer {
  return new Ads(options);
}

class Ads implements AdsServer {
  readonly #options: AdsServerOptions;
  readonly #limits: AdsLimits;
  readonly #credentials = new CredentialTable();
  readonly #proxies = new Map<string, ProxyHandle>();
  /** Open calls by proxy. */
  readonly #calls = new Map<string, Set<AdsCall>>();
  readonly #endpoints = new Set<AdsEndpoint>();
  readonly #interner = new SubscriptionInterner();
  readonly #nameLists = new NameLists();
  readonly #listeners = new Set<(event: AdsEvent) => void>();
  readonly #budget: UnreadBudget;
  readonly #watch = new ViewWatch((session) => this.#budget.pump(session));
  readonly #counters: AdsCounters = {
    streams: 0,
    responses: 0,
    responseBytes: 0,
    acks: 0,
    nacks: 0,
    refusedSecrets: 0,
    refusedCalls: 0,
  };

  constructor(options: AdsServerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#budget = new UnreadBudget(this.#limits.unreadBytes);
  }

  addProxy({ id, views, credentials, streams }: ProxyRegistration): void {
    if (this.#proxies.has(id)) throw new MeshwiseError('MW5002', `proxy ${id} is registered already`);
    const proxy = new ProxyHandle(id, views, streams ?? this.#limits.streamsPerProxy);
    this.#credentials.add(id, credentials ?? {});
    this.#proxies.set(id, proxy);
    this.#watch.add(proxy);
  }

  setViews(id: string, views: readonly ResourceView[]): void {
    const proxy = this.#proxies.get(id);
    if (proxy === undefined) throw new MeshwiseError('MW5002', `proxy ${id} is not registered`);
    this.#watch.remove(proxy);
    try {
      proxy.setViews(views);
    } finally {
      this.#watch.add(proxy);
    }
    this.#watch.schedule([proxy]);
  }

  removeProxy(id: string): void {
    const proxy = this.#proxies.get(id);
    if (proxy === undefined) return;
    this.#credentials.remove(id);
    this.#proxies.delete(id);
    this.#watch.remove(proxy);
    for (const call of this.#calls.get(id) ?? []) call.end(GRPC_STATUS.PERMISSION_DENIED, 'proxy was removed');
  }

  async listen(target: ListenTarget): Promise<AdsEndpoint> {
    const socketPath = 'socketPath' in target ? target.socketPath : undefined;
    const take = (incoming: IncomingCall) => this.#accept(incoming, socketPath);
    const endpoint = await openEndpoint(target, take, this.#options.clock);
    this.#endpoints.add(endpoint);
    return {
      ...endpoint,
      close: () => {
        this.#endpoints.delete(endpoint);
        return endpoint.close();
      },
    };
  }

  proxyStatus(id: string): ProxyStatus | undefined {
    return this.#proxies.get(id)?.status();
  }

  proxyStatuses(): ProxyStatus[] {
    return [...this.#proxies.values()].map((proxy) => proxy.status());
  }

  onEvent(listener: (event: AdsEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  counters(): Readonly<AdsCounters> {
    return { ...this.#counters };
  }

  async close(): Promise<void> {
    for (const call of [...this.#calls.values()].flatMap((calls) => [...calls])) {
      call.end(GRPC_STATUS.UNAVAILABLE, 'the control plane is stopping');
    }
    // The statuses go out before the connections do.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([...this.#endpoints].map((endpoint) => endpoint.close()));
    this.#endpoints.clear();
    for (const proxy of this.#proxies.values()) this.#watch.remove(proxy);
    this.#proxies.clear();
  }

  #accept({ call, path, authorization }: IncomingCall, socketPath: string | undefined): void {
    const variant = variantOfMethod(path);
    if (variant === undefined) {
      this.#refuse(call, { code: GRPC_STATUS.UNIMPLEMENTED, details: 'no such method' });
      return;
    }
    const authenticate = this.#options.authenticate ?? ((given) => this.#credentials.authenticate(given));
    const id = authenticate({ socketPath, authorization });
    const proxy = id === undefined ? undefined : this.#proxies.get(id);
    if (proxy === undefined) {
      this.#options.logger.warn('xds call without valid credentials', { socketPath });
      this.#refuse(call, { code: GRPC_STATUS.UNAUTHENTICATED, details: 'no valid credentials' });
      return;
    }
    if ((this.#calls.get(proxy.id)?.size ?? 0) >= proxy.maxStreams) {
      this.#refuse(call, { code: GRPC_STATUS.RESOURCE_EXHAUSTED, details: 'too many streams' });
      return;
    }
    const { clock, logger } = this.#options;
    const adsCall: AdsCall = new AdsCall({
      call,
      variant,
      proxy: proxy.id,
      limits: this.#limits,
      budget: this.#budget,
      nameLists: this.#nameLists,
      clock,
      logger,
      open: (client, send) => this.#open(proxy, variant, client, send),
      closed: (session) => {
        this.#forgetCall(proxy.id, adsCall);
        if (session !== undefined) this.#close(proxy, session);
      },
    });
    const calls = this.#calls.get(proxy.id) ?? new Set();
    this.#calls.set(proxy.id, calls.add(adsCall));
    this.#counters.streams += 1;
  }

  #refuse(call: GrpcCall, end: CallEnd): void {
    this.#counters.refusedCalls += 1;
    call.refuse(end);
  }

  #forgetCall(proxy: string, call: AdsCall): void {
    const calls = this.#calls.get(proxy);
    calls?.delete(call);
    if (calls?.size === 0) this.#calls.delete(proxy);
  }

  #open(proxy: ProxyHandle, variant: Variant, client: string, send: Send): StreamSession {
    const session = new StreamSession({
      proxy: proxy.id,
      variant,
      views: proxy.views,
      interner: this.#interner,
      clock: this.#options.clock,
      // Of a stream that is still open nobody knows yet how it ends.
      mayBeAwaited: new Set([...proxy.mayBeAwaited, ...proxy.sessions.flatMap(({ awaited }) => [...awaited])]),
      gateTimeoutMs: this.#limits.gateTimeoutMs,
      send: (pieces) => {
        this.#counters.responses += 1;
        this.#counters.responseBytes += lengthOf(pieces);
        send(pieces);
      },
      emit: (event) => this.#emit(event),
    });
    proxy.addStream({ session, client, sinceMs: this.#options.clock.nowMs() });
    this.#emit({ kind: 'connected', proxy: proxy.id });
    return session;
  }

  #close(proxy: ProxyHandle, session: StreamSession): void {
    this.#watch.forget(session);
    this.#budget.forget(session);
    proxy.removeStream(session);
    session.close();
    this.#emit({ kind: 'disconnected', proxy: proxy.id });
  }

  #emit(event: AdsEvent): void {
    const { logger } = this.#options;
    if (event.kind === 'acked') this.#counters.acks += 1;
    if (event.kind === 'nacked') {
      this.#counters.nacks += 1;
      const { message, resources, version } = event.nack;
      logger.warn('xds response rejected', { proxy: event.proxy, type: event.type, version, resources, message });
    }
    if (event.kind === 'secretRefused') {
      this.#counters.refusedSecrets += event.names.length;
      const proxy = this.#proxies.get(event.proxy);
      if (proxy !== undefined) proxy.refusedSecrets += event.names.length;
      logger.warn('xds secret refused', { proxy: event.proxy, names: event.names });
    }
    for (const listener of this.#listeners) listener(event);
  }
}
