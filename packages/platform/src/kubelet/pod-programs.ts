import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { Container } from '@meshwise/resources';
import type { PodSandbox, ProgramCommand } from '../capture/capture.ts';
import type { ProcessHost } from '../process/process-host.ts';
import { type CommandContext, containerCommand } from './container-command.ts';
import { ContainerRunner, type ContainerRunnerOptions } from './container-runner.ts';
import type { CurrentPod } from './current-pod.ts';
import { endSession } from './end-session.ts';
import { logPath } from './logs.ts';
import type { PodVolumes } from './pod-volumes.ts';
import { isOf, probeId, programId } from './program-ids.ts';

export interface PodProgramsOptions extends CommandContext {
  readonly host: ProcessHost;
  readonly logDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The programs of one pod: its containers but the sidecar, each with a runner, and what an earlier daemon left of them. */
export class PodPrograms {
  /** Set before any program starts. */
  sandbox: PodSandbox | undefined;
  readonly #pod: CurrentPod;
  readonly #volumes: PodVolumes;
  readonly #o: PodProgramsOptions;
  readonly #onChange: () => void;
  readonly #initRunners: ContainerRunner[] = [];
  #runners: readonly ContainerRunner[] = [];
  #initialised = false;

  constructor(pod: CurrentPod, volumes: PodVolumes, options: PodProgramsOptions, onChange: () => void) {
    this.#pod = pod;
    this.#volumes = volumes;
    this.#o = options;
    this.#onChange = onChange;
  }

  /** Programs of an earlier daemon run. */
  get adopted(): boolean {
    return this.#pod.programs.some(({ name }) => this.#o.host.get(programId(this.#pod.uid, name)) !== undefined);
  }

  get started(): boolean {
    return this.#runners.length > 0;
  }

  /** Somebody may be sending to them. */
  get inUse(): boolean {
    return (this.#runners.length === 0 && this.adopted) || this.#runners.some((runner) => runner.ready);
  }

  get pids(): readonly number[] {
    return this.#runners.flatMap((runner) => (runner.pid === undefined ? [] : [runner.pid]));
  }

  /** For the pod's status. */
  get seen() {
    const { programs } = this.#pod;
    return {
      initContainers: this.#initRunners,
      containers: this.started ? this.#runners : programs.map((container) => this.#runner(container, 'Always')),
      initialised: this.#initialised,
    };
  }

  /** Programs that already run were initialised by an earlier daemon, and their init containers do not run twice. */
  async initialise(signal: AbortSignal): Promise<void> {
    for (const container of this.adopted ? [] : (this.#pod.spec.initContainers ?? [])) {
      const runner = this.#runner(container, 'OnFailure');
      this.#initRunners.push(runner);
      await runner.run(this.#pod.earlier(container)?.restartCount ?? 0);
      if (signal.aborted) return;
    }
  }

  start(): void {
    const policy = this.#pod.spec.restartPolicy ?? 'Always';
    this.#initialised = true;
    this.#runners = this.#pod.programs.map((container) => this.#runner(container, policy));
    for (const runner of this.#runners) {
      runner
        .run(this.#pod.earlier(runner.container)?.restartCount ?? 0)
        .catch((error: unknown) =>
          this.#o.logger.error('container failed', { pod: this.#pod.fullName, error: String(error) }),
        );
    }
  }

  /** Leaves them running. */
  detach(): void {
    for (const runner of [...this.#initRunners, ...this.#runners]) runner.detach();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#initRunners, ...this.#runners].map((runner) => runner.stop(this.#pod.graceMs)));
  }

  /** Programs of an earlier daemon have no runner when the pod ends before it was taken up. */
  async stopLeft(): Promise<void> {
    const { host } = this.#o;
    const mine = host.all().filter(({ id }) => isOf(this.#pod.uid, id));
    await Promise.all(mine.map((handle) => host.stop(handle, this.#pod.graceMs)));
  }

  #runner(container: Container, restartPolicy: ContainerRunnerOptions['restartPolicy']): ContainerRunner {
    const { uid, namespace, name } = this.#pod;
    const { host, clock, logger } = this.#o;
    return new ContainerRunner({
      container,
      processId: programId(uid, container.name),
      restartPolicy,
      command: () => this.#command(container),
      logPath: (restart) => logPath(this.#o.logDirectory, namespace, name, container.name, restart),
      probeTarget: {
        tunnelSocketPath: this.sandbox?.placement.tunnelSocketPath ?? '',
        ports: container.ports ?? [],
        run: (command, timeoutMs) => this.#exec(container, command, timeoutMs),
      },
      host,
      clock,
      logger,
      onChange: this.#onChange,
      graceMs: this.#pod.graceMs,
      readyBefore: this.#pod.earlier(container)?.ready ?? false,
    });
  }

  async #command(container: Container, instead?: readonly string[]): Promise<ProgramCommand> {
    const { sandbox } = this;
    if (sandbox === undefined) throw new MeshwiseError('MW0001', 'a program was started before its pod');
    const folders = await this.#volumes.prepare();
    return containerCommand(this.#o, { pod: this.#pod.resource, container, sandbox, folders }, instead);
  }

  async #exec(container: Container, command: readonly string[], timeoutMs: number): Promise<number | undefined> {
    const { host, clock, logDirectory } = this.#o;
    const { uid, namespace, name } = this.#pod;
    const handle = await host.start({
      id: probeId(uid, container.name, clock.monotonicMs().toFixed(3)),
      ...(await this.#command(container, command)),
      logPath: logPath(logDirectory, namespace, name, `${container.name}-probe`, 0),
    });
    const timeout = clock.after(timeoutMs, () => {
      host.stop(handle, 0).catch(() => undefined);
    });
    const exit = await handle.exited;
    timeout();
    endSession(handle);
    await host.forget(handle);
    return exit.code;
  }
}
