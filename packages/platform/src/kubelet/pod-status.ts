import type { PodSpec, PodStatus, Resource } from '@meshwise/resources';
import type { ContainerRunner, ContainerState } from './container-runner.ts';

type RestartPolicy = NonNullable<PodSpec['restartPolicy']>;

export interface PodObservation {
  readonly podIp: string | undefined;
  readonly startTime: string;
  readonly initContainers: readonly ContainerRunner[];
  readonly containers: readonly ContainerRunner[];
  /** The sidecar's container, when there is one: it is run as a proxy, not as a program. */
  readonly proxy:
    | {
        readonly name: string;
        readonly image: string;
        readonly ready: boolean;
        readonly restarts: number;
        readonly lastExit: string | undefined;
        readonly process?: 'running' | 'restarting' | 'stopped' | undefined;
      }
    | undefined;
  /** Why the pod could not be set up at all. */
  readonly failure: { readonly reason: string; readonly message: string } | undefined;
  readonly initialised: boolean;
}

/** PodStatus as the kubelet writes it (core/v1). Conditions keep the time at which their value last changed. */
export function podStatus(pod: Resource, seen: PodObservation, now: string): PodStatus {
  const containersReady = seen.containers.every((runner) => runner.ready) && (seen.proxy?.ready ?? true);
  const message = firstReason(seen);
  const old = pod.status as PodStatus | undefined;
  const condition = (type: string, status: boolean, reason?: string) => {
    const before = old?.conditions?.find((entry) => entry.type === type);
    const text = status ? 'True' : 'False';
    const lastTransitionTime = before?.status === text ? (before.lastTransitionTime ?? now) : now;
    return { type, status: text, lastTransitionTime, ...(status || !message ? {} : { reason, message }) };
  };
  const ready = containersReady && seen.failure === undefined;
  return {
    phase: phase(seen, (pod.spec as PodSpec).restartPolicy ?? 'Always'),
    ...(seen.podIp === undefined ? {} : { podIP: seen.podIp, podIPs: [{ ip: seen.podIp }] }),
    hostIP: '127.0.0.1',
    startTime: seen.startTime,
    ...(seen.failure === undefined ? {} : seen.failure),
    conditions: [
      condition('PodScheduled', true),
      condition('Initialized', seen.initialised, 'ContainersNotInitialized'),
      condition('ContainersReady', ready, 'ContainersNotReady'),
      condition('Ready', ready, 'ContainersNotReady'),
    ],
    ...(seen.initContainers.length === 0 ? {} : { initContainerStatuses: seen.initContainers.map(containerStatus) }),
    containerStatuses: [...seen.containers.map(containerStatus), ...proxyStatus(seen)],
  } as PodStatus;
}

/** A container that is about to be started again is between two runs and not at an end. */
function phase(seen: PodObservation, policy: RestartPolicy): NonNullable<PodStatus['phase']> {
  const states = seen.containers.map((runner) => runner.state);
  const codes = states.map((state) => (state.kind === 'terminated' ? (state.exit.code ?? -1) : undefined));
  if (codes.length > 0 && policy !== 'Always' && codes.every((code) => code !== undefined)) {
    if (codes.every((code) => code === 0)) return 'Succeeded';
    if (policy === 'Never') return 'Failed';
  }
  const begun = seen.containers.some((runner) => runner.state.kind !== 'waiting' || runner.restarts > 0);
  return begun || (seen.containers.length === 0 && seen.proxy !== undefined) ? 'Running' : 'Pending';
}

function firstReason(seen: PodObservation): string | undefined {
  if (seen.failure !== undefined) return seen.failure.message;
  for (const runner of [...seen.initContainers, ...seen.containers]) {
    if (runner.ready) continue;
    const detail = runner.state.kind === 'waiting' ? runner.state.message : runner.reason;
    if (detail !== undefined) return `${runner.container.name}: ${detail}`;
  }
  return seen.proxy?.ready === false ? `${seen.proxy.name}: the proxy is not ready` : undefined;
}

function containerStatus(runner: ContainerRunner) {
  return {
    name: runner.container.name,
    image: runner.container.image ?? '',
    imageID: '',
    ready: runner.ready,
    started: runner.started,
    restartCount: runner.restarts,
    state: stateBody(runner.state),
    lastState: runner.lastState === undefined || runner.lastState === runner.state ? {} : stateBody(runner.lastState),
  };
}

function proxyStatus({ proxy }: PodObservation) {
  if (proxy === undefined) return [];
  const { name, image, ready, restarts, lastExit, process } = proxy;
  const lastState = lastExit === undefined ? {} : { terminated: { reason: 'Error', message: lastExit, exitCode: 1 } };
  const message = lastExit === undefined ? {} : { message: lastExit };
  const state = process === 'restarting' ? { waiting: { reason: 'CrashLoopBackOff', ...message } } : { running: {} };
  return [{ name, image, imageID: '', ready, started: ready, restartCount: restarts, state, lastState }];
}

function stateBody(state: ContainerState) {
  if (state.kind === 'waiting') {
    return { waiting: { reason: state.reason, ...(state.message === undefined ? {} : { message: state.message }) } };
  }
  const startedAt = new Date(state.startedAtMs).toISOString();
  if (state.kind === 'running') return { running: { startedAt } };
  return {
    terminated: {
      reason: state.reason,
      exitCode: state.exit.code ?? 137,
      ...(state.exit.signal === undefined ? {} : { message: `ended by ${state.exit.signal}` }),
      startedAt,
      finishedAt: new Date(state.finishedAtMs).toISOString(),
    },
  };
}
