import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { Container } from '@meshwise/resources';
import type { ProgramCommand } from '../capture/capture.ts';
import type { ProcessExit, ProcessHandle, ProcessHost } from '../process/process-host.ts';
import { backOffMs } from '../proxies/back-off.ts';
import { endSession } from './end-session.ts';
import { runPreStop } from './pre-stop.ts';
import type { ProbeTarget } from './probe.ts';
import { type ProbeLoop, startProbeLoop } from './probe-loop.ts';

/** The state of a container in the words of Kubernetes' ContainerStatus. */
export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly kind: 'running'; readonly startedAtMs: number }
  | {
      readonly kind: 'terminated';
      readonly reason: 'Completed' | 'Error';
      readonly exit: ProcessExit;
      readonly startedAtMs: number;
      readonly finishedAtMs: number;
    };

export interface ContainerRunnerOptions {
  readonly container: Container;
  /** Names the process, unique on this machine. */
  readonly processId: string;
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  /** Called before every start, so that changed catalogues and configuration count. Throws MeshwiseError when it cannot run. */
  readonly command: () => Promise<ProgramCommand>;
  readonly logPath: (restart: number) => string;
  readonly probeTarget: ProbeTarget;
  readonly host: ProcessHost;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
  /** True when an earlier daemon saw this very process ready: it stays so until a probe says otherwise. */
  readonly readyBefore: boolean;
  /** What the program gets between SIGTERM and SIGKILL when a probe ends it; default 30 s, as Kubernetes'. */
  readonly graceMs?: number;
}

const BACK_OFF_BASE_MS = 1_000;
const BACK_OFF_CAP_MS = 300_000;
const STABLE_MS = 600_000;
/** How often a container that cannot be started (unknown image, missing ConfigMap) is tried again. */
const RETRY_MS = 2_000;
const GRACE_MS = 30_000;

/**
 * Runs one container: starts its program, restarts it by policy with a back-off that doubles up to five minutes and is
 * forgiven after ten (Kubernetes' figures; the first step is one second here, since starting a process costs little), and
 * keeps its probes. Restarting on purpose (liveness) counts like an exit.
 */
export class ContainerRunner {
  readonly #o: ContainerRunnerOptions;
  #state: ContainerState = { kind: 'waiting', reason: 'ContainerCreating' };
  #lastState: ContainerState | undefined;
  #restarts = 0;
  #failures = 0;
  #handle: ProcessHandle | undefined;
  #starting: Promise<ProcessHandle | undefined> | undefined;
  /** The end that a probe has asked for, while it is under way. */
  #killing: Promise<unknown> | undefined;
  #detached = false;
  #told = false;
  #probes: ProbeLoop[] = [];
  #ready = false;
  #started = false;
  #reason: string | undefined;
  readonly #stopping = new AbortController();

  constructor(options: ContainerRunnerOptions) {
    this.#o = options;
  }

  get container(): Container {
    return this.#o.container;
  }
  get state(): ContainerState {
    return this.#state;
  }
  get lastState(): ContainerState | undefined {
    return this.#lastState;
  }
  get restarts(): number {
    return this.#restarts;
  }
  get ready(): boolean {
    return this.#state.kind === 'running' && this.#ready;
  }
  get started(): boolean {
    return this.#started;
  }
  get pid(): number | undefined {
    return this.#handle?.pid;
  }
  /** Why it is not ready, in words. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Runs until stopped, or until the policy says that it is done. `restarts` continues the count of an earlier daemon. */
  async run(restarts: number): Promise<ContainerState> {
    this.#restarts = restarts;
    while (!this.#stopping.signal.aborted) {
      const adopted = this.#o.host.get(this.#o.processId);
      this.#starting = adopted === undefined ? this.#start() : undefined;
      const handle = adopted ?? (await this.#starting);
      if (this.#stopping.signal.aborted) break;
      if (handle === undefined) {
        await this.#pause(RETRY_MS);
        continue;
      }
      const exit = await this.#watch(handle, adopted !== undefined && this.#o.readyBefore);
      if (this.#stopping.signal.aborted) break;
      const failed = exit.code !== 0;
      if (this.#o.restartPolicy === 'Never' || (this.#o.restartPolicy === 'OnFailure' && !failed)) break;
      const waitMs = backOffMs(this.#failures, BACK_OFF_BASE_MS, BACK_OFF_CAP_MS);
      if (waitMs > 0) {
        this.#lastState = this.#state;
        const message = `back-off ${waitMs / 1000} s; the program ${this.#reason ?? 'ended'}`;
        this.#set({ kind: 'waiting', reason: 'CrashLoopBackOff', message });
        await this.#pause(waitMs);
      }
      this.#failures += 1;
      this.#restarts += 1;
    }
    return this.#state;
  }

  /** Leaves the program running, and does not start it again. */
  detach(): void {
    this.#detached = true;
    this.#stopping.abort(new Error('the daemon stops'));
    this.#stopProbes();
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort(new Error('stopped'));
    this.#stopProbes();
    // A start that is under way would otherwise be of a program that nobody knows.
    await this.#starting;
    const handle = this.#handle ?? this.#o.host.get(this.#o.processId);
    if (handle === undefined) return;
    await this.#terminate(handle, graceMs);
  }

  async #terminate(handle: ProcessHandle, graceMs: number): Promise<void> {
    const { container, clock, probeTarget, host } = this.#o;
    const beganMs = clock.monotonicMs();
    await runPreStop(container, probeTarget, graceMs, this.#o);
    // Kubernetes leaves a program at least two seconds after its hook, if it had as much to begin with.
    const leftMs = graceMs - (clock.monotonicMs() - beganMs);
    await host.stop(handle, Math.max(leftMs, Math.min(graceMs, 2_000)));
  }

  async #start(): Promise<ProcessHandle | undefined> {
    try {
      const command = await this.#o.command();
      if (this.#stopping.signal.aborted) return undefined;
      const handle = await this.#o.host.start({
        id: this.#o.processId,
        ...command,
        logPath: this.#o.logPath(this.#restarts),
      });
      if (!this.#stopping.signal.aborted || this.#detached) return handle;
      await this.#o.host.stop(handle, 0);
      return undefined;
    } catch (error) {
      const known = MeshwiseError.from(error);
      this.#reason = known.summary;
      this.#set({ kind: 'waiting', reason: waitingReason(known), message: `${known.message}. ${known.advice}` });
      return undefined;
    }
  }

  async #watch(handle: ProcessHandle, readyBefore: boolean): Promise<ProcessExit> {
    this.#handle = handle;
    const startedAtMs = this.#o.clock.nowMs();
    this.#reason = undefined;
    this.#set({ kind: 'running', startedAtMs });
    this.#startProbes(readyBefore);
    const exit = await handle.exited;
    this.#stopProbes();
    const killedBy = this.#killing === undefined ? undefined : this.#reason;
    await this.#killing;
    this.#killing = undefined;
    if (!this.#stopping.signal.aborted) {
      endSession(handle);
      await this.#o.host.forget(handle);
    }
    this.#handle = undefined;
    if (this.#o.clock.nowMs() - startedAtMs > STABLE_MS) this.#failures = 0;
    this.#reason = killedBy === undefined ? exitText(exit) : `${exitText(exit)}; ${killedBy}`;
    const terminated: ContainerState = {
      kind: 'terminated',
      reason: exit.code === 0 ? 'Completed' : 'Error',
      exit,
      startedAtMs,
      finishedAtMs: this.#o.clock.nowMs(),
    };
    this.#lastState = terminated;
    this.#set(terminated);
    return exit;
  }

  #startProbes(readyBefore: boolean): void {
    this.#ready = readyBefore;
    const { startupProbe, readinessProbe, livenessProbe } = this.#o.container;
    if (!this.#told && [startupProbe, readinessProbe, livenessProbe].some((probe) => probe?.grpc !== undefined)) {
      this.#told = true;
      this.#o.logger.warn('grpc probes are checked by connecting', { process: this.#o.processId });
    }
    const { clock, probeTarget } = this.#o;
    const begin = () => {
      this.#started = true;
      if (readinessProbe === undefined) this.#setReady(true);
      else {
        this.#probes.push(
          startProbeLoop(
            readinessProbe,
            probeTarget,
            clock,
            (passing, reason) => {
              this.#reason = passing ? undefined : `not ready: ${reason}`;
              this.#setReady(passing);
            },
            { eager: true, ...(readyBefore ? { before: true } : {}) },
          ),
        );
      }
      if (livenessProbe !== undefined) this.#probes.push(this.#killWhenFailing(livenessProbe, 'liveness'));
      this.#o.onChange();
    };
    if (startupProbe === undefined || readyBefore) begin();
    else this.#probes.push(this.#killWhenFailing(startupProbe, 'startup', begin));
  }

  #killWhenFailing(probe: NonNullable<Container['livenessProbe']>, name: string, onPass?: () => void): ProbeLoop {
    return startProbeLoop(probe, this.#o.probeTarget, this.#o.clock, (passing, reason) => {
      if (passing) onPass?.();
      else if (this.#handle !== undefined) {
        this.#o.logger.warn('program killed by its probe', { process: this.#o.processId, probe: name, reason });
        this.#reason = `${name} probe failed: ${reason}`;
        this.#stopProbes();
        this.#killing = this.#terminate(this.#handle, this.#o.graceMs ?? GRACE_MS).catch(() => undefined);
        this.#o.onChange();
      }
    });
  }

  #stopProbes(): void {
    for (const probe of this.#probes) probe.stop();
    this.#probes = [];
    this.#ready = false;
    this.#started = false;
  }

  #setReady(ready: boolean): void {
    this.#ready = ready;
    this.#o.onChange();
  }

  #set(state: ContainerState): void {
    this.#state = state;
    this.#o.onChange();
  }

  async #pause(delayMs: number): Promise<void> {
    await this.#o.clock.sleep(delayMs, this.#stopping.signal).catch(() => undefined);
  }
}

function waitingReason(error: MeshwiseError): string {
  if (error.code === 'MW3010' || error.code === 'MW3013') return 'ImageNotMapped';
  if (error.code === 'MW3011') return 'CommandNotAllowed';
  if (error.code === 'MW3303' || error.code === 'MW3014') return 'CreateContainerConfigError';
  return 'CreateContainerError';
}

export function exitText(exit: ProcessExit): string {
  if (exit.signal !== undefined) return `ended by ${exit.signal}`;
  return exit.code === undefined ? 'ended' : `exited with code ${exit.code}`;
}
