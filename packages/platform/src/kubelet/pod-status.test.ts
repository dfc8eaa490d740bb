import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import type { ContainerRunner, ContainerState } from './container-runner.ts';
import { type PodObservation, podStatus } from './pod-status.ts';

const NOW = '2026-11-21T12:00:00.000Z';

function container(state: ContainerState, over: Partial<ContainerRunner> = {}): ContainerRunner {
  const fields = {
    container: { name: 'app', image: 'shop/app:1' },
    state,
    restarts: 0,
    ready: state.kind === 'running',
    started: true,
    lastState: undefined,
    reason: undefined,
  };
  return { ...fields, ...over } as unknown as ContainerRunner;
}
const running: ContainerState = { kind: 'running', startedAtMs: 0 };
const ended = (code: number): ContainerState => ({
  kind: 'terminated',
  reason: code === 0 ? 'Completed' : 'Error',
  exit: { code },
  startedAtMs: 0,
  finishedAtMs: 1,
});
function pod(restartPolicy?: string, status: object = {}): Resource {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [], restartPolicy }, status };
}
function seen(over: Partial<PodObservation>): PodObservation {
  return {
    podIp: '10.244.0.9',
    startTime: NOW,
    initContainers: [],
    containers: [],
    proxy: undefined,
    failure: undefined,
    initialised: true,
    ...over,
  };
}

describe("a pod's phase", () => {
  it.each([
    ['Always', ended(1), 'Running'],
    ['Always', ended(0), 'Running'],
    ['OnFailure', ended(1), 'Running'],
    ['OnFailure', ended(0), 'Succeeded'],
    ['Never', ended(0), 'Succeeded'],
    ['Never', ended(1), 'Failed'],
    ['Never', running, 'Running'],
  ])('with policy %s and %j is right', (policy, state, phase) => {
    expect(podStatus(pod(policy), seen({ containers: [container(state)] }), NOW).phase).toBe(phase);
  });

  it('is pending until something was started', () => {
    const waiting: ContainerState = { kind: 'waiting', reason: 'ImageNotMapped', message: 'No program is known' };
    const status = podStatus(pod(), seen({ containers: [container(waiting)] }), NOW);
    expect(status.phase).toBe('Pending');
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', message: 'app: No program is known' }),
    );
  });
});

describe("a pod's readiness", () => {
  const proxy = {
    name: 'istio-proxy',
    image: 'meshwise/envoy:1.40.0',
    ready: true,
    restarts: 1,
    lastExit: 'ended by SIGKILL',
  };

  it('is that of all containers, the sidecar among them', () => {
    const ready = (value: boolean) =>
      podStatus(
        pod(),
        seen({ containers: [container(running)], proxy: { ...proxy, ready: value } }),
        NOW,
      ).conditions?.find((condition) => condition.type === 'Ready');
    expect(ready(true)?.status).toBe('True');
    expect(ready(false)).toMatchObject({ status: 'False', message: 'istio-proxy: the proxy is not ready' });
  });

  it('is a gateway that is nothing but a proxy, too', () => {
    const status = podStatus(pod(), seen({ proxy }), NOW);
    expect([status.phase, status.conditions?.find((condition) => condition.type === 'Ready')?.status]).toEqual([
      'Running',
      'True',
    ]);
  });

  it('keeps the time at which it last changed', () => {
    const before = { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] };
    const time = (state: ContainerState) =>
      podStatus(pod('Always', before), seen({ containers: [container(state)] }), NOW).conditions?.find(
        (condition) => condition.type === 'Ready',
      )?.lastTransitionTime;
    expect(time(running)).toBe('2026-01-01T00:00:00Z');
    expect(time(ended(1))).toBe(NOW);
  });
});
