import type { StatusView } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { Client } from '../client/client.ts';
import { connect } from '../client/connect.ts';
import type { CliContext } from '../context.ts';
import { readDaemonRecord, type StateDirectory } from '../state-directory.ts';
import { type Probe, probeProductPage } from './probe-sample.ts';
import type { Report } from './progress.ts';
import { type DaemonProcess, startFailure } from './start-daemon.ts';

const POLL_MS = 150;
const STATUS_TIMEOUT_MS = 5_000;
/** It listens only after it has taken up every pod that an earlier daemon left. */
const API_TIMEOUT_MS = 120_000;
/** Several times what a small machine needs for all of BookInfo. */
const READY_TIMEOUT_MS = 180_000;
/** Between requests for the page before all is ready: each that fails counts as an error of the mesh. */
const EARLY_PROBE_MS = 3_000;
const SHOWN = 5;
/** How long what is up waits for the rest of the mesh; what is not ready then is a remark. */
const SETTLE_MS = 10_000;
/** How long a mesh that calls itself ready may still owe the sample's page: a route of the user's may break that page. */
const PAGE_GRACE_MS = 10_000;

/** Waits until the daemon answers. Rejects with the daemon's own reason when it ends instead. */
export async function awaitApi(
  context: CliContext,
  state: StateDirectory,
  daemon: DaemonProcess,
  signal: AbortSignal,
): Promise<Client> {
  const untilMs = context.clock.monotonicMs() + API_TIMEOUT_MS;
  for (;;) {
    const end = daemon.end();
    if (end !== undefined) throw await startFailure(state, end);
    // The record of an earlier daemon may still lie there.
    if ((await readDaemonRecord(state))?.pid === daemon.pid) {
      const client = await connect(context);
      const status = await client.status({ timeoutMs: STATUS_TIMEOUT_MS, signal }).catch(() => undefined);
      if (status !== undefined) return client;
    }
    if (context.clock.monotonicMs() > untilMs) throw new MeshwiseError('MW6008', 'its API does not answer');
    await context.clock.sleep(POLL_MS, signal);
  }
}

export interface Readiness {
  readonly status: StatusView;
  /** What is up but not as it should be; empty when all is well. */
  readonly remarks: readonly string[];
}

/** Waits until the mesh is ready and, with a sample, its page answers through the gateway. */
export async function awaitReady(
  context: CliContext,
  client: Client,
  options: {
    readonly sample: string;
    readonly report: Report;
    readonly signal: AbortSignal;
    /** Tells that the daemon has ended; default: never. */
    readonly failure?: () => Promise<MeshwiseError> | undefined;
    readonly probe?: Probe;
  },
): Promise<Readiness> {
  const { clock } = context;
  const probe = options.probe ?? probeProductPage;
  const untilMs = clock.monotonicMs() + READY_TIMEOUT_MS;
  let readySinceMs: number | undefined;
  let upSinceMs: number | undefined;
  let probedMs = Number.NEGATIVE_INFINITY;
  let page = options.sample === 'none' ? 'none' : 'not asked yet';
  for (;;) {
    const status = await statusOrFailure(client, options);
    const nowMs = clock.monotonicMs();
    if (status.state === 'stopping') throw new MeshwiseError('MW6008', 'it is being stopped');
    const complete = isComplete(status);
    if (page !== 'none' && (complete || nowMs - probedMs > EARLY_PROBE_MS)) {
      page = await pageOf(status, probe);
      probedMs = nowMs;
    }
    if (status.state === 'ready') readySinceMs ??= nowMs;
    if (page === 'answers' || (page === 'none' && status.state !== 'starting')) upSinceMs ??= nowMs;
    if (upSinceMs !== undefined && (complete || status.state === 'ready' || nowMs - upSinceMs > SETTLE_MS)) {
      return { status, remarks: complete ? [] : unready(status) };
    }
    if (readySinceMs !== undefined && nowMs - readySinceMs > PAGE_GRACE_MS) {
      return { status, remarks: [`The mesh is ready, and the product page does not answer: ${page}.`] };
    }
    if (nowMs > untilMs) throw new MeshwiseError('MW6008', `still waiting: ${waitingFor(status, page)}`);
    options.report(waitingFor(status, page));
    await clock.sleep(POLL_MS, options.signal);
  }
}

/** Everything that is wanted is there. A service may still count the failures of requests that came too early. */
function isComplete(status: StatusView): boolean {
  return status.workloads.every(isReady) && status.proxies.every((proxy) => proxy.synced);
}

function isReady(workload: StatusView['workloads'][number]): boolean {
  return workload.podsReady >= workload.podsDesired;
}

async function statusOrFailure(
  client: Client,
  options: { readonly signal: AbortSignal; readonly failure?: () => Promise<MeshwiseError> | undefined },
): Promise<StatusView> {
  try {
    return await client.status({ timeoutMs: STATUS_TIMEOUT_MS, signal: options.signal });
  } catch (error) {
    throw (await options.failure?.()) ?? error;
  }
}

async function pageOf(status: StatusView, probe: Probe): Promise<string> {
  if (status.addresses.gateway === null) return 'the gateway does not listen yet';
  return probe(status.addresses.gateway);
}

function waitingFor(status: StatusView, page: string): string {
  const ready = status.workloads.filter(isReady).length;
  const synced = status.proxies.filter((proxy) => proxy.synced).length;
  const parts = [
    `${ready} of ${status.workloads.length} workloads ready`,
    `${synced} of ${status.proxies.length} proxies synced`,
  ];
  return [...parts, ...(page === 'none' ? [] : [`product page: ${page}`])].join(', ');
}

function unready(status: StatusView): readonly string[] {
  const workloads = status.workloads
    .filter((workload) => !isReady(workload))
    .map(({ namespace, name, reason }) => `${namespace}/${name}: ${reason ?? 'not ready'}`);
  const behind = status.proxies.filter((proxy) => !proxy.synced).length;
  const proxies = behind === 0 ? [] : [`${behind} proxies are not synced; see \`meshwise proxy status\`.`];
  return ['Not all of the mesh is ready; see `meshwise status`.', ...workloads.slice(0, SHOWN), ...proxies];
}
