import {
  type ApplyRequest,
  type ApplyResponse,
  type DeleteRequest,
  type LogsQuery,
  PATHS,
  type ProxyConfigQuery,
  type ProxyConfigResponse,
  type ProxyRestartRequest,
  type ResourcesQuery,
  type ResourcesResponse,
  type SessionToken,
  type StatusView,
  type TapEvent,
  type TapQuery,
} from '@meshwise/api';
import type { Static } from 'typebox';
import { lines } from './lines.ts';
import { callJson, type Endpoint, open } from './transport.ts';

/** The operations of the daemon's API, one method each. */
export class Client {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  get api(): string {
    return this.#endpoint.api;
  }

  status(options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<StatusView> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.status, ...options });
  }

  sessionToken(): Promise<SessionToken> {
    return this.#post(PATHS.sessionToken, {});
  }

  apply(body: ApplyRequest): Promise<ApplyResponse> {
    return this.#post(PATHS.apply, body);
  }

  diff(body: ApplyRequest): Promise<ApplyResponse> {
    return this.#post(PATHS.diff, body);
  }

  delete(body: DeleteRequest): Promise<ApplyResponse> {
    return this.#post(PATHS.delete, body);
  }

  resources(query: ResourcesQuery): Promise<ResourcesResponse> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.resources, query });
  }

  proxyConfig(query: ProxyConfigQuery): Promise<ProxyConfigResponse> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.proxyConfig, query });
  }

  restartProxy(body: Static<typeof ProxyRestartRequest>): Promise<{ readonly restarted: readonly string[] }> {
    return this.#post(PATHS.proxyRestart, body);
  }

  async shutdown(timeoutMs: number): Promise<void> {
    (await open(this.#endpoint, { method: 'POST', path: PATHS.shutdown, body: {}, timeoutMs })).resume();
  }

  async *logs(query: LogsQuery, signal?: AbortSignal): AsyncGenerator<string> {
    const response = await open(this.#endpoint, { method: 'GET', path: PATHS.logs, query, signal, timeoutMs: null });
    yield* lines(response, this.api, signal);
  }

  async *tap(query: TapQuery, signal?: AbortSignal): AsyncGenerator<TapEvent> {
    const response = await open(this.#endpoint, { method: 'GET', path: PATHS.tap, query, signal, timeoutMs: null });
    for await (const line of lines(response, this.api, signal)) {
      if (line !== '') yield JSON.parse(line) as TapEvent;
    }
  }

  #post<T>(path: string, body: unknown): Promise<T> {
    return callJson(this.#endpoint, { method: 'POST', path, body });
  }
}
