import { describe, expect, it } from 'vitest';
import { deployment } from '../contract/fixtures.ts';
import { withDefaults } from './with-defaults.ts';

const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec });

describe('Defaults', () => {
  it('of a Service: type, protocol and target port', () => {
    expect(withDefaults(service({ ports: [{ port: 80 }, { port: 81, targetPort: 'http' }] })).spec).toEqual({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ports: [
        { port: 80, protocol: 'TCP', targetPort: 80 },
        { port: 81, protocol: 'TCP', targetPort: 'http' },
      ],
    });
  });

  it('of a Deployment: one replica that rolls by quarters', () => {
    const spec = withDefaults(deployment('n', 'd', { containers: [{ name: 'a', image: 'a:1' }] })).spec;
    expect(spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        spec: {
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          containers: [{ imagePullPolicy: 'IfNotPresent' }],
        },
      },
    });
  });

  it('do not touch a strategy that recreates', () => {
    const recreate = { ...deployment('n', 'd', { containers: [] }), spec: { strategy: { type: 'Recreate' } } };
    expect(withDefaults(recreate).spec).toMatchObject({ strategy: { type: 'Recreate' } });
    expect(withDefaults(recreate).spec).not.toHaveProperty('strategy.rollingUpdate');
  });

  it.each([
    ['a', 'Always'],
    ['a:latest', 'Always'],
    ['registry:5000/a', 'Always'],
    ['registry:5000/a:1', 'IfNotPresent'],
    ['a@sha256:00', 'IfNotPresent'],
  ])('pull image %s: %s', (image, policy) => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'a', image, readinessProbe: { httpGet: { port: 80 } } }] },
    };
    expect(withDefaults(pod).spec).toMatchObject({
      containers: [
        {
          imagePullPolicy: policy,
          readinessProbe: {
            periodSeconds: 10,
            timeoutSeconds: 1,
            successThreshold: 1,
            failureThreshold: 3,
            httpGet: { path: '/', scheme: 'HTTP' },
          },
        },
      ],
    });
  });

  it('are the same when applied twice, and change nothing in place', () => {
    const before = service({ type: 'NodePort', ports: [{ port: 80 }] });
    const copy = structuredClone(before);
    const once = withDefaults(before);
    expect(before).toEqual(copy);
    expect(withDefaults(once)).toEqual(once);
  });

  it('leave kinds alone that have no defaults here', () => {
    const widget = { apiVersion: 'example.dev/v1', kind: 'Widget', metadata: { name: 'w' } };
    expect(withDefaults(widget)).toBe(widget);
  });
});
