import { MeshwiseError } from '@meshwise/core';
import type { PodStatus, Resource } from '@meshwise/resources';
import type { PodSandbox } from '../capture/capture.ts';
import { isFinished, type Pod } from '../controllers/index.ts';
import { CurrentPod } from './current-pod.ts';
import { type EndPodOptions, endPod } from './end-pod.ts';
import { podLogs } from './logs.ts';
import { PodPrograms, type PodProgramsOptions } from './pod-programs.ts';
import { podStatus } from './pod-status.ts';
import { PodVolumes, type PodVolumesOptions } from './pod-volumes.ts';
import type { PodProxy } from './ports.ts';
import { removeTree } from './remove-tree.ts';
import { StatusWriter } from './status-writer.ts';

export interface PodWorkerOptions extends PodProgramsOptions, PodVolumesOptions, EndPodOptions {
  /** Writes the status and answers with the pod as stored; undefined when it is gone. */
  readonly writeStatus: (pod: Resource, status: PodStatus) => Promise<Resource | undefined>;
}

const PROXY_READY_MS = 30_000;
const SETUP_RETRY_MS = 2_000;
/** So often may taking up an earlier daemon's pod fail before the status says so. */
const QUIET_FAILURES = 3;
const SLOW_ATTACH_MS = 2_000;

/** Runs one pod from its first sight to its end. One instance per pod uid. */
export class PodWorker {
  readonly #o: PodWorkerOptions;
  readonly #pod: CurrentPod;
  readonly #volumes: PodVolumes;
  readonly #programs: PodPrograms;
  /** While programs of an earlier daemon are taken up again it is quiet: the status which that daemon wrote stands. */
  readonly #status: StatusWriter;
  /** The pod ends or the daemon goes. */
  readonly #stopping = new AbortController();
  /** The daemon goes. */
  readonly #leaving = new AbortController();
  /** Its programs came to their end under an earlier daemon: the status stands, and nothing runs again. */
  readonly #finished: boolean;
  #proxy: PodProxy | undefined;
  #failure: { reason: string; message: string } | undefined;
  #running: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #setUpFailures = 0;
  #retired = false;
  #proxyEnded = false;

  constructor(pod: Resource, podIp: string, options: PodWorkerOptions) {
    const { clock, logger } = options;
    this.#o = options;
    this.#pod = new CurrentPod(pod, podIp);
    this.#volumes = new PodVolumes(this.#pod, options);
    this.#programs = new PodPrograms(this.#pod, this.#volumes, options, () => this.#report());
    this.#status = new StatusWriter({
      write: () => this.#writeStatus(),
      signal: this.#leaving.signal,
      pod: this.#pod.fullName,
      clock,
      logger,
    });
    this.#status.quiet = this.#programs.adopted;
    this.#finished = isFinished(pod as Pod) && !this.#status.quiet;
  }

  get podIp(): string {
    return this.#pod.podIp;
  }

  get namespace(): string | undefined {
    return this.#pod.resource.metadata.namespace;
  }

  /** Pids of the programs, for sampling; the proxy has its own. */
  get programPids(): readonly number[] {
    return this.#programs.pids;
  }

  start(): void {
    if (this.#finished) return;
    this.#running ??= this.#run().catch((error: unknown) =>
      this.#o.logger.error('pod worker failed', { pod: this.#pod.fullName, error: String(error) }),
    );
  }

  update(pod: Resource): void {
    this.#pod.resource = pod;
    if (pod.metadata.deletionTimestamp === undefined) return;
    this.#ending ??= this.#end().catch((error: unknown) =>
      this.#o.logger.error('pod not ended', { pod: this.#pod.fullName, error: String(error) }),
    );
  }

  /** To be called when a ConfigMap or Secret of the namespace has changed: programs see the change in their files. */
  sourceChanged(kind: string, name: string): void {
    if (!this.#volumes.hold(kind, name) || this.#programs.sandbox === undefined || this.#stopping.signal.aborted)
      return;
    this.#volumes
      .prepare()
      .catch((error: unknown) =>
        this.#o.logger.warn('volumes not refreshed', { pod: this.#pod.fullName, error: String(error) }),
      );
  }

  /** Leaves everything running, for the next daemon. */
  detach(): void {
    // Nor is anything said of what the programs do from here on: it is the next daemon that sees it.
    this.#status.quiet = true;
    this.#leaving.abort(new Error('the daemon stops'));
    this.#stopping.abort(new Error('the daemon stops'));
    this.#programs.detach();
  }

  async ended(): Promise<void> {
    await this.#ending;
  }

  async #run(): Promise<void> {
    const { namespace, name, statusBefore } = this.#pod;
    const { signal } = this.#stopping;
    // What an earlier pod of this name wrote (of a StatefulSet, say) is not this pod's.
    if (statusBefore?.startTime === undefined && !this.#programs.adopted) {
      await removeTree(podLogs(this.#o.logDirectory, namespace, name)).catch(() => undefined);
    }
    this.#report();
    while (!signal.aborted && !(await this.#setUp())) {
      await this.#o.clock.sleep(SETUP_RETRY_MS, signal).catch(() => undefined);
    }
    if (signal.aborted) return;
    await this.#proxy?.untilReady(PROXY_READY_MS, signal);
    if (signal.aborted) return;
    await this.#programs.initialise(signal);
    if (signal.aborted) return;
    this.#programs.start();
    this.#status.quiet = false;
    this.#report();
  }

  async #setUp(): Promise<boolean> {
    const { uid, namespace, name, podIp } = this.#pod;
    try {
      this.#programs.sandbox ??= await this.#o.capture.createPod({ uid, namespace, name, podIp });
      await this.#volumes.prepare();
      this.#proxy ??= await this.#attach(this.#programs.sandbox);
      this.#failure = undefined;
      return true;
    } catch (error) {
      const known = MeshwiseError.from(error);
      this.#failure = { reason: 'CreatePodSandboxError', message: `${known.message}. ${known.advice}` };
      this.#setUpFailures += 1;
      if (this.#setUpFailures === QUIET_FAILURES && !this.#leaving.signal.aborted) this.#status.quiet = false;
      this.#o.logger.warn('pod not set up', { pod: this.#pod.fullName, error: known.message });
      this.#report();
      return false;
    }
  }

  async #attach(sandbox: PodSandbox): Promise<PodProxy> {
    const slow = this.#o.clock.after(SLOW_ATTACH_MS, () => {
      this.#failure = { reason: 'ContainerCreating', message: 'the proxy is waiting for a certificate' };
      this.#report();
    });
    try {
      const proxy = await this.#o.proxies.attach(this.#pod.resource, sandbox, () => this.#report());
      if (this.#proxyEnded) await this.#o.proxies.detach(this.#pod.resource);
      return proxy;
    } finally {
      slow();
    }
  }

  async #end(): Promise<void> {
    this.#status.quiet = false;
    this.#stopping.abort(new Error('the pod is deleted'));
    this.#report();
    const ending = {
      pod: this.#pod,
      programs: this.#programs,
      volumes: this.#volumes,
      running: this.#running,
      leaving: this.#leaving.signal,
      onProxyEnded: () => {
        this.#proxyEnded = true;
      },
      onFailure: (message: string) => {
        this.#failure = { reason: 'FailedKillPod', message };
        this.#o.logger.warn('pod not ended yet', { pod: this.#pod.fullName, error: message });
        this.#report();
      },
    };
    await endPod(ending, this.#o);
  }

  #report(): void {
    if (!this.#finished) this.#status.report();
  }

  async #writeStatus(): Promise<void> {
    const now = new Date(this.#o.clock.nowMs()).toISOString();
    const status = podStatus(
      this.#pod.resource,
      { ...this.#observation, startTime: this.#pod.status?.startTime ?? now },
      now,
    );
    const stored = await this.#o.writeStatus(this.#pod.resource, status);
    if (stored !== undefined && stored.metadata.deletionTimestamp === this.#pod.resource.metadata.deletionTimestamp) {
      this.#pod.resource = stored;
    }
    // Nothing is left that the proxy would stand before, and the next daemon does not take this pod up.
    if (this.#programs.started && isFinished({ ...this.#pod.resource, status } as Pod) && !this.#retired) {
      this.#retired = true;
      await this.#o.proxies.detach(this.#pod.resource);
    }
  }

  get #observation() {
    const { podIp, proxyContainer } = this.#pod;
    const { ready = false, restarts = 0, lastExit, process } = this.#proxy ?? {};
    const proxy = proxyContainer && {
      name: proxyContainer.name,
      image: proxyContainer.image ?? '',
      ...{ ready, restarts, lastExit, process },
    };
    return { podIp, ...this.#programs.seen, proxy, failure: this.#failure };
  }
}
