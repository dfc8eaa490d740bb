import {
  type AccessDecisions,
  type AccessQuery,
  type AccessRequest,
  type AccessView,
  type ApplyRequest,
  type ApplyResponse,
  type AttachRequest,
  type AttachResponse,
  type DeleteRequest,
  type ExportIdentityResponse,
  type IdentityResponse,
  type IdentityTarget,
  type IdentityView,
  type ListIdentitiesResponse,
  type LiveRuns,
  type LogsQuery,
  PATHS,
  type ProxyConfigQuery,
  type ProxyConfigResponse,
  type ProxyRestartRequest,
  type ResourcesQuery,
  type ResourcesResponse,
  type RevisionsResponse,
  type RevokeIdentityRequest,
  type RevokeIdentityResponse,
  type RollbackRequest,
  type RollbackResponse,
  type RotateRootRequest,
  type RotationView,
  type RunPlanResponse,
  type RunRequest,
  type RunResponse,
  type RunStarted,
  type SessionToken,
  type ShiftActionRequest,
  type ShiftView,
  type StatusView,
  type TapEvent,
  type TapQuery,
} from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { Interval } from '@meshwise/load';
import type { ExperimentRecord, RunRecord } from '@meshwise/performance';
import type { Static } from 'typebox';
import { lines } from './lines.ts';
import { callJson, type Endpoint, open, readText } from './transport.ts';

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

  /** Whatever is at a path of the API. The token goes nowhere else: a path that names a host is refused. */
  async raw(path: string): Promise<string> {
    const { origin } = new URL(this.#endpoint.api);
    if (!path.startsWith('/') || new URL(path, origin).origin !== origin)
      throw new MeshwiseError('MW7001', `${path} is no path of the API`, { found: path, expected: '/apis/…' });
    return readText(await open(this.#endpoint, { method: 'GET', path }));
  }

  access(query: AccessQuery): Promise<AccessView> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.access, query });
  }

  decideAccess(body: AccessRequest): Promise<AccessDecisions> {
    return this.#post(PATHS.accessRequest, body);
  }

  revisions(): Promise<RevisionsResponse> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.revisions });
  }

  rollback(body: RollbackRequest): Promise<RollbackResponse> {
    return this.#post(PATHS.rollback, body);
  }

  proxyConfig(query: ProxyConfigQuery): Promise<ProxyConfigResponse> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.proxyConfig, query });
  }

  restartProxy(body: Static<typeof ProxyRestartRequest>): Promise<{ readonly restarted: readonly string[] }> {
    return this.#post(PATHS.proxyRestart, body);
  }

  attachProxy(body: AttachRequest): Promise<AttachResponse> {
    return this.#post(PATHS.proxyAttach, body);
  }

  actOnShift(namespace: string, name: string, body: ShiftActionRequest): Promise<ShiftView> {
    const place = { '{namespace}': namespace, '{name}': name };
    const path = PATHS.shiftAction.replace(/\{\w+\}/g, (part) => encodeURIComponent(Reflect.get(place, part) ?? ''));
    return this.#post(path, body);
  }

  identities(): Promise<ListIdentitiesResponse> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.identities });
  }

  identity(query: IdentityTarget): Promise<IdentityResponse> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.identity, query });
  }

  revokeIdentity(body: RevokeIdentityRequest): Promise<RevokeIdentityResponse> {
    return this.#post(PATHS.identityRevoke, body);
  }

  readmitIdentity(body: IdentityTarget): Promise<IdentityView> {
    return this.#post(PATHS.identityReadmit, body);
  }

  exportIdentity(body: IdentityTarget): Promise<ExportIdentityResponse> {
    return this.#post(PATHS.identityExport, body);
  }

  rotation(): Promise<RotationView> {
    return callJson(this.#endpoint, { method: 'GET', path: PATHS.identityRotation });
  }

  rotateRoot(body: RotateRootRequest): Promise<RotationView> {
    return this.#post(PATHS.identityRotate, body);
  }

  planRun(body: RunRequest): Promise<RunPlanResponse> {
    return this.#post(PATHS.perfPlan, body);
  }

  startRun(body: RunRequest): Promise<RunStarted> {
    return this.#post(PATHS.perfRuns, body);
  }

  async stopRun(id: string, isExperiment: boolean): Promise<void> {
    await this.#post(pathOf(isExperiment ? PATHS.perfExperimentStop : PATHS.perfStop, id), {});
  }

  async deleteRun(id: string, isExperiment: boolean): Promise<void> {
    const path = pathOf(isExperiment ? PATHS.perfExperiment : PATHS.perfRun, id);
    await callJson(this.#endpoint, { method: 'DELETE', path });
  }

  runWithIntervals(id: string): Promise<{ readonly record: RunRecord; readonly intervals: readonly Interval[] }> {
    const path = pathOf(PATHS.perfExport, id);
    return callJson(this.#endpoint, { method: 'GET', path, query: { format: 'json' } });
  }

  async exportedHtml(id: string, isExperiment: boolean): Promise<string> {
    const path = pathOf(isExperiment ? PATHS.perfExperimentExport : PATHS.perfExport, id);
    return readText(await open(this.#endpoint, { method: 'GET', path, query: { format: 'html' } }));
  }

  run(id: string): Promise<RunResponse> {
    return callJson(this.#endpoint, { method: 'GET', path: pathOf(PATHS.perfRun, id) });
  }

  experiment(id: string): Promise<ExperimentRecord> {
    return callJson(this.#endpoint, { method: 'GET', path: pathOf(PATHS.perfExperiment, id) });
  }

  /** Load tests that go on, about twice a second while there are any, and once more when the last has ended. */
  async *liveRuns(signal?: AbortSignal): AsyncGenerator<LiveRuns> {
    const response = await open(this.#endpoint, { method: 'GET', path: PATHS.stream, signal, timeoutMs: null });
    let event = '';
    for await (const line of lines(response, this.api, signal)) {
      if (line.startsWith('event: ')) event = line.slice('event: '.length);
      else if (event === 'runs' && line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length)) as LiveRuns;
    }
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

function pathOf(path: string, id: string): string {
  return path.replace('{id}', encodeURIComponent(id));
}
