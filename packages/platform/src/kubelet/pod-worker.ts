import { join } from 'node:path';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { Container, PodSpec, PodStatus, Resource } from '@meshwise/resources';
import type { Capture, PodSandbox, ProgramCommand } from '../capture/capture.ts';
import { isFinished, type Pod } from '../controllers/index.ts';
import { PROXY_CONTAINER } from '../injection/index.ts';
import type { ProcessHost } from '../process/process-host.ts';
import { backOffMs } from '../proxies/back-off.ts';
import { containerCommand } from './container-command.ts';
import { ContainerRunner } from './container-runner.ts';
import { endSession } from './end-session.ts';
import { logPath, podLogs } from './logs.ts';
import { podStatus } from './pod-status.ts';
import type { ContainerResolver, PodProxies, PodProxy } from './ports.ts';
import { removeTree } from './remove-tree.ts';
import { prepareVolumes, type VolumeSources } from './volumes.ts';

export interface PodWorkerOptions {
  readonly capture: Capture;
  readonly host: ProcessHost;
  readonly proxies: PodProxies;
  readonly resolver: ContainerResolver;
  readonly volumeSources: (namespace: string) => VolumeSources;
  readonly runDirectory: string;
  readonly logDirectory: string;
  readonly cacheDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Writes the status and answers with the pod as stored; undefined when it is gone. */
  readonly writeStatus: (pod: Resource, status: PodStatus) => Promise<Resource | undefined>;
  /** Takes the finalizer off, which ends the object. */
  readonly release: (pod: Resource) => Promise<void>;
}

const PROXY_READY_MS = 30_000;
const UNUSED_MS = 5_000;
const SETUP_RETRY_MS = 2_000;
/** So often may taking up an earlier daemon's pod fail before the status says so. */
const QUIET_FAILURES = 3;
const SLOW_ATTACH_MS = 2_000;
const END_RETRY_BASE_MS = 250;
const RETRY_CAP_MS = 30_000;
/** A setup that waits for something which does not come must not keep a deleted pod. */
const SETTLE_MS = 10_000;

/** Runs one pod from its first sight to its end. One instance per pod uid. */
export class PodWorker {
  readonly #o: PodWorkerOptions;
  readonly #podIp: string;
  /** The pod ends or the daemon goes. */
  readonly #stopping = new AbortController();
  /** The daemon goes. */
  readonly #leaving = new AbortController();
  /** The status that an earlier daemon left: our own first report overwrites it in the store. */
  readonly #statusBefore: PodStatus | undefined;
  #pod: Resource;
  #sandbox: PodSandbox | undefined;
  #proxy: PodProxy | undefined;
  #initRunners: ContainerRunner[] = [];
  #runners: ContainerRunner[] = [];
  #initialised = false;
  #failure: { reason: string; message: string } | undefined;
  #running: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #writing = false;
  #dirty = false;
  #volumes: Promise<unknown> = Promise.resolve();
  #setUpFailures = 0;
  /** Its programs came to their end under an earlier daemon: the status stands, and nothing runs again. */
  readonly #finished: boolean;
  #retired = false;
  #released = false;
  /** While programs of an earlier daemon are taken up again, the status that it wrote stands. */
  #quiet: boolean;

  constructor(pod: Resource, podIp: string, options: PodWorkerOptions) {
    this.#pod = pod;
    this.#statusBefore = pod.status as PodStatus | undefined;
    this.#podIp = podIp;
    this.#o = options;
    this.#quiet = this.#adopted();
    this.#finished = isFinished(pod as Pod) && !this.#quiet;
  }

  get podIp(): string {
    return this.#podIp;
  }

  get namespace(): string | undefined {
    return this.#pod.metadata.namespace;
  }

  /** Pids of the programs, for sampling; the proxy has its own. */
  get programPids(): readonly number[] {
    return this.#runners.flatMap((runner) => (runner.pid === undefined ? [] : [runner.pid]));
  }

  start(): void {
    if (this.#finished) return;
    this.#running ??= this.#run().catch((error: unknown) =>
      this.#o.logger.error('pod worker failed', { pod: this.#name, error: String(error) }),
    );
  }

  update(pod: Resource): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp === undefined) return;
    this.#ending ??= this.#end().catch((error: unknown) =>
      this.#o.logger.error('pod not ended', { pod: this.#name, error: String(error) }),
    );
  }

  /** To be called when a ConfigMap or Secret of the namespace has changed: programs see the change in their files. */
  sourceChanged(kind: string, name: string): void {
    const mounted = (this.#spec.volumes ?? []).some((volume) =>
      kind === 'ConfigMap' ? volume.configMap?.name === name : volume.secret?.secretName === name,
    );
    if (!mounted || this.#sandbox === undefined || this.#stopping.signal.aborted) return;
    this.#prepareVolumes().catch((error: unknown) =>
      this.#o.logger.warn('volumes not refreshed', { pod: this.#name, error: String(error) }),
    );
  }

  /** Leaves everything running, for the next daemon. */
  detach(): void {
    // Nor is anything said of what the programs do from here on: it is the next daemon that sees it.
    this.#quiet = true;
    this.#leaving.abort(new Error('the daemon stops'));
    this.#stopping.abort(new Error('the daemon stops'));
    for (const runner of [...this.#initRunners, ...this.#runners]) runner.detach();
  }

  async ended(): Promise<void> {
    await this.#ending;
  }

  get #spec(): PodSpec {
    return this.#pod.spec as PodSpec;
  }
  get #name(): string {
    return `${this.#pod.metadata.namespace}/${this.#pod.metadata.name}`;
  }
  get #uid(): string {
    return this.#pod.metadata.uid ?? this.#name;
  }
  get #graceMs(): number {
    return (this.#spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }
  get #programs(): readonly Container[] {
    return this.#spec.containers.filter((container) => container.name !== PROXY_CONTAINER);
  }

  async #run(): Promise<void> {
    const { namespace = 'default', name } = this.#pod.metadata;
    // What an earlier pod of this name wrote (of a StatefulSet, say) is not this pod's.
    if (this.#statusBefore?.startTime === undefined && !this.#adopted()) {
      await removeTree(podLogs(this.#o.logDirectory, namespace, name)).catch(() => undefined);
    }
    this.#report();
    while (!this.#stopping.signal.aborted && !(await this.#setUp())) {
      await this.#o.clock.sleep(SETUP_RETRY_MS, this.#stopping.signal).catch(() => undefined);
    }
    if (this.#stopping.signal.aborted) return;
    await this.#proxy?.untilReady(PROXY_READY_MS, this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    for (const container of this.#initContainers()) {
      const runner = this.#runner(container, 'OnFailure');
      this.#initRunners.push(runner);
      await runner.run(this.#earlier(container)?.restartCount ?? 0);
      if (this.#stopping.signal.aborted) return;
    }
    this.#initialised = true;
    this.#runners = this.#programs.map((container) => this.#runner(container, this.#spec.restartPolicy ?? 'Always'));
    for (const runner of this.#runners) {
      runner
        .run(this.#earlier(runner.container)?.restartCount ?? 0)
        .catch((error: unknown) => this.#o.logger.error('container failed', { pod: this.#name, error: String(error) }));
    }
    this.#quiet = false;
    this.#report();
  }

  /** Programs that already run were initialised by an earlier daemon, and their init containers do not run twice. */
  #initContainers(): readonly Container[] {
    return this.#adopted() ? [] : (this.#spec.initContainers ?? []);
  }

  #adopted(): boolean {
    return this.#programs.some((container) => this.#o.host.get(this.#processId(container)) !== undefined);
  }

  async #setUp(): Promise<boolean> {
    try {
      const namespace = this.#pod.metadata.namespace ?? 'default';
      const { name } = this.#pod.metadata;
      this.#sandbox ??= await this.#o.capture.createPod({ uid: this.#uid, namespace, name, podIp: this.#podIp });
      await this.#prepareVolumes();
      this.#proxy ??= await this.#attach(this.#sandbox);
      this.#failure = undefined;
      return true;
    } catch (error) {
      const known = MeshwiseError.from(error);
      this.#failure = { reason: 'CreatePodSandboxError', message: `${known.message}. ${known.advice}` };
      this.#setUpFailures += 1;
      if (this.#setUpFailures === QUIET_FAILURES && !this.#leaving.signal.aborted) this.#quiet = false;
      this.#o.logger.warn('pod not set up', { pod: this.#name, error: known.message });
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
      const proxy = await this.#o.proxies.attach(this.#pod, sandbox, () => this.#report());
      if (this.#released) await this.#o.proxies.detach(this.#pod);
      return proxy;
    } finally {
      slow();
    }
  }

  /** One at a time: two that write the same files would mix them up. */
  #prepareVolumes(): Promise<ReadonlyMap<string, string>> {
    const made = this.#volumes.then(() => prepareVolumes(this.#spec, this.#volumeContext()));
    this.#volumes = made.catch(() => undefined);
    return made;
  }

  #volumeContext() {
    return {
      directory: join(this.#o.runDirectory, 'volumes', this.#uid),
      sources: this.#o.volumeSources(this.#pod.metadata.namespace ?? 'default'),
      uid: this.#o.capture.programUid({ podIp: this.#podIp }),
    };
  }

  #processId(container: Container): string {
    return `program-${this.#uid}-${container.name}`;
  }

  #earlier(container: Container): { restartCount?: number; ready?: boolean } | undefined {
    const statuses = this.#statusBefore?.containerStatuses ?? [];
    return (statuses as readonly { name?: string; restartCount?: number; ready?: boolean }[]).find(
      (entry) => entry.name === container.name,
    );
  }

  #runner(container: Container, restartPolicy: 'Always' | 'OnFailure' | 'Never'): ContainerRunner {
    const { namespace = 'default', name } = this.#pod.metadata;
    return new ContainerRunner({
      container,
      processId: this.#processId(container),
      restartPolicy,
      command: () => this.#command(container),
      logPath: (restart) => logPath(this.#o.logDirectory, namespace, name, container.name, restart),
      probeTarget: {
        tunnelSocketPath: this.#sandbox?.placement.tunnelSocketPath ?? '',
        ports: container.ports ?? [],
        run: (command, timeoutMs) => this.#exec(container, command, timeoutMs),
      },
      host: this.#o.host,
      clock: this.#o.clock,
      logger: this.#o.logger,
      onChange: () => this.#report(),
      graceMs: this.#graceMs,
      readyBefore: this.#earlier(container)?.ready ?? false,
    });
  }

  async #command(container: Container, instead?: readonly string[]): Promise<ProgramCommand> {
    const sandbox = this.#sandbox;
    if (sandbox === undefined) throw new MeshwiseError('MW0001', 'a program was started before its pod');
    const folders = await this.#prepareVolumes();
    return containerCommand(this.#o, { pod: this.#pod, container, sandbox, folders }, instead);
  }

  async #exec(container: Container, command: readonly string[], timeoutMs: number): Promise<number | undefined> {
    const { namespace = 'default', name } = this.#pod.metadata;
    const handle = await this.#o.host.start({
      id: `probe-${this.#uid}-${container.name}-${this.#o.clock.monotonicMs().toFixed(3)}`,
      ...(await this.#command(container, command)),
      logPath: logPath(this.#o.logDirectory, namespace, name, `${container.name}-probe`, 0),
    });
    const timeout = this.#o.clock.after(timeoutMs, () => {
      this.#o.host.stop(handle, 0).catch(() => undefined);
    });
    const exit = await handle.exited;
    timeout();
    endSession(handle);
    await this.#o.host.forget(handle);
    return exit.code;
  }

  /** Kubernetes' order with one improvement: nobody sends to the pod any more before its programs are asked to leave. */
  async #end(): Promise<void> {
    const { host, proxies, capture, runDirectory, release } = this.#o;
    this.#quiet = false;
    this.#stopping.abort(new Error('the pod is deleted'));
    this.#report();
    const readyBefore = this.#runners.length === 0 && this.#adopted();
    if (readyBefore || this.#runners.some((runner) => runner.ready)) {
      await this.#step('waiting until it is unused', () => proxies.untilUnused(this.#pod, UNUSED_MS));
    }
    await this.#step('ending its programs', async () => {
      await Promise.all([...this.#initRunners, ...this.#runners].map((runner) => runner.stop(this.#graceMs)));
    });
    const settled = new AbortController();
    const limit = this.#o.clock.sleep(SETTLE_MS, settled.signal).catch(() => undefined);
    await Promise.race([this.#running, limit]);
    settled.abort(new Error('settled'));
    // Programs of an earlier daemon have no runner when the pod ends before it was taken up.
    await this.#step('ending what is left of its programs', async () => {
      const mine = host.all().filter(({ id }) => isOf(this.#uid, id));
      await Promise.all(mine.map((handle) => host.stop(handle, this.#graceMs)));
    });
    await this.#step('ending its proxy', () => proxies.detach(this.#pod));
    this.#released = true;
    await this.#step('removing its network', () => capture.removePod(this.#uid));
    await this.#volumes;
    await this.#step('removing its volumes', () => removeTree(join(runDirectory, 'volumes', this.#uid)));
    await this.#step('releasing it', () => release(this.#pod));
  }

  /** Each step of the end can be taken again, and is, until it succeeds: a pod must not stay in its end for ever. */
  async #step(what: string, run: () => Promise<void>): Promise<void> {
    for (let failures = 0; ; failures++) {
      this.#leaving.signal.throwIfAborted();
      try {
        return await run();
      } catch (error) {
        this.#failure = { reason: 'FailedKillPod', message: `${what}: ${MeshwiseError.from(error).message}` };
        this.#o.logger.warn('pod not ended yet', { pod: this.#name, error: this.#failure.message });
        this.#report();
        await this.#o.clock
          .sleep(backOffMs(failures + 1, END_RETRY_BASE_MS, RETRY_CAP_MS), this.#leaving.signal)
          .catch(() => undefined);
      }
    }
  }

  /** Writes the status soon; changes that come while a write is under way are written together after it. */
  #report(): void {
    this.#dirty = true;
    if (this.#writing || this.#quiet || this.#finished) return;
    this.#writing = true;
    this.#writeWhileDirty();
  }

  async #writeWhileDirty(): Promise<void> {
    let failures = 0;
    while (this.#dirty && !this.#quiet) {
      this.#dirty = false;
      try {
        await this.#write();
        failures = 0;
      } catch (error) {
        this.#dirty = true;
        failures += 1;
        this.#o.logger.warn('pod status not written', { pod: this.#name, error: String(error) });
        await this.#o.clock
          .sleep(backOffMs(failures, END_RETRY_BASE_MS, RETRY_CAP_MS), this.#leaving.signal)
          .catch(() => undefined);
      }
    }
    // In the same turn as the last look at `dirty`, so that no report falls between the two.
    this.#writing = false;
  }

  async #write(): Promise<void> {
    const now = new Date(this.#o.clock.nowMs()).toISOString();
    const proxyContainer = this.#spec.containers.find((container) => container.name === PROXY_CONTAINER);
    const status = podStatus(
      this.#pod,
      {
        podIp: this.#podIp,
        startTime: (this.#pod.status as PodStatus | undefined)?.startTime ?? now,
        initContainers: this.#initRunners,
        containers: this.#runners.length > 0 ? this.#runners : this.#pendingRunners(),
        proxy:
          proxyContainer === undefined
            ? undefined
            : {
                name: proxyContainer.name,
                image: proxyContainer.image ?? '',
                ready: this.#proxy?.ready ?? false,
                restarts: this.#proxy?.restarts ?? 0,
                lastExit: this.#proxy?.lastExit,
                process: this.#proxy?.process,
              },
        failure: this.#failure,
        initialised: this.#initialised,
      },
      now,
    );
    const stored = await this.#o.writeStatus(this.#pod, status);
    if (stored !== undefined && stored.metadata.deletionTimestamp === this.#pod.metadata.deletionTimestamp) {
      this.#pod = stored;
    }
    // Nothing is left that the proxy would stand before, and the next daemon does not take this pod up.
    if (this.#runners.length > 0 && isFinished({ ...this.#pod, status } as Pod) && !this.#retired) {
      this.#retired = true;
      await this.#o.proxies.detach(this.#pod);
    }
  }

  #pendingRunners(): ContainerRunner[] {
    return this.#programs.map((container) => this.#runner(container, 'Always'));
  }
}

/** Whether a process is a program or a probe of that pod. */
export function isOf(uid: string, processId: string): boolean {
  return processId.startsWith(`program-${uid}-`) || processId.startsWith(`probe-${uid}-`);
}
