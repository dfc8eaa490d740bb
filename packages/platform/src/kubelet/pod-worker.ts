import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { Container, PodSpec, PodStatus, Resource } from '@meshwise/resources';
import type { Capture, PodSandbox, ProgramCommand } from '../capture/capture.ts';
import { PROXY_CONTAINER } from '../injection/index.ts';
import type { ProcessHost } from '../process/process-host.ts';
import { containerCommand } from './container-command.ts';
import { ContainerRunner } from './container-runner.ts';
import { logPath } from './logs.ts';
import { podStatus } from './pod-status.ts';
import type { ContainerResolver, PodProxies, PodProxy } from './ports.ts';
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

/** Runs one pod from its first sight to its end. One instance per pod uid. */
export class PodWorker {
  readonly #o: PodWorkerOptions;
  readonly #podIp: string;
  readonly #stopping = new AbortController();
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
  /** While programs of an earlier daemon are taken up again, the status that it wrote stands. */
  #quiet: boolean;

  constructor(pod: Resource, podIp: string, options: PodWorkerOptions) {
    this.#pod = pod;
    this.#statusBefore = pod.status as PodStatus | undefined;
    this.#podIp = podIp;
    this.#o = options;
    this.#quiet = this.#adopted();
  }

  get podIp(): string {
    return this.#podIp;
  }

  /** Pids of the programs, for sampling; the proxy has its own. */
  get programPids(): readonly number[] {
    return this.#runners.flatMap((runner) => (runner.pid === undefined ? [] : [runner.pid]));
  }

  start(): void {
    this.#running ??= this.#run().catch((error: unknown) =>
      this.#o.logger.error('pod worker failed', { pod: this.#name, error: String(error) }),
    );
  }

  update(pod: Resource): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) this.#ending ??= this.#end();
    else if (this.#sandbox !== undefined) this.#refreshVolumes();
  }

  /** Leaves everything running, for the next daemon. */
  detach(): void {
    this.#quiet = true;
    // Nor is anything said of what the programs do from here on: it is the next daemon that sees it.
    this.#quiet = true;
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
  get #programs(): readonly Container[] {
    return this.#spec.containers.filter((container) => container.name !== PROXY_CONTAINER);
  }

  async #run(): Promise<void> {
    this.#report();
    while (!(await this.#setUp())) {
      await this.#o.clock.sleep(SETUP_RETRY_MS, this.#stopping.signal).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
    }
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
      await prepareVolumes(this.#spec, this.#volumeContext());
      this.#proxy ??= await this.#o.proxies.attach(this.#pod, this.#sandbox, () => this.#report());
      this.#failure = undefined;
      return true;
    } catch (error) {
      const known = MeshwiseError.from(error);
      this.#failure = { reason: 'CreatePodSandboxError', message: `${known.message}. ${known.advice}` };
      this.#report();
      return false;
    }
  }

  #volumeContext() {
    return {
      directory: join(this.#o.runDirectory, 'volumes', this.#uid),
      sources: this.#o.volumeSources(this.#pod.metadata.namespace ?? 'default'),
      uid: this.#o.capture.programUid({ podIp: this.#podIp }),
    };
  }

  #refreshVolumes(): void {
    prepareVolumes(this.#spec, this.#volumeContext()).catch((error: unknown) =>
      this.#o.logger.warn('volumes not refreshed', { pod: this.#name, error: String(error) }),
    );
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
      readyBefore: this.#earlier(container)?.ready ?? false,
    });
  }

  async #command(container: Container, instead?: readonly string[]): Promise<ProgramCommand> {
    const sandbox = this.#sandbox;
    if (sandbox === undefined) throw new MeshwiseError('MW0001', 'a program was started before its pod');
    const folders = await prepareVolumes(this.#spec, this.#volumeContext());
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
      this.#o.host.signal(handle, 'SIGKILL').catch(() => undefined);
    });
    const exit = await handle.exited;
    timeout();
    await this.#o.host.forget(handle);
    return exit.code;
  }

  /** Kubernetes' order with one improvement: nobody sends to the pod any more before its programs are asked to leave. */
  async #end(): Promise<void> {
    this.#quiet = false;
    this.#stopping.abort(new Error('the pod is deleted'));
    this.#report();
    const graceMs = (this.#spec.terminationGracePeriodSeconds ?? 30) * 1000;
    if (this.#runners.some((runner) => runner.ready)) await this.#o.proxies.untilUnused(this.#pod, UNUSED_MS);
    await Promise.all([...this.#initRunners, ...this.#runners].map((runner) => runner.stop(graceMs)));
    await this.#running;
    await this.#o.proxies.detach(this.#pod);
    await this.#o.capture.removePod(this.#uid);
    await rm(join(this.#o.runDirectory, 'volumes', this.#uid), { recursive: true, force: true });
    await this.#o.release(this.#pod);
  }

  /** Writes the status soon; changes that come while a write is under way are written together after it. */
  #report(): void {
    this.#dirty = true;
    if (this.#writing || this.#quiet) return;
    this.#writing = true;
    this.#writeWhileDirty()
      .catch((error: unknown) =>
        this.#o.logger.warn('pod status not written', { pod: this.#name, error: String(error) }),
      )
      .finally(() => {
        this.#writing = false;
      });
  }

  async #writeWhileDirty(): Promise<void> {
    while (this.#dirty) {
      this.#dirty = false;
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
    }
  }

  #pendingRunners(): ContainerRunner[] {
    return this.#programs.map((container) => this.#runner(container, 'Always'));
  }
}
