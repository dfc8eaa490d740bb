import { MeshwiseError } from '@meshwise/core';
import type { Container, PodSpec, PodStatus, Resource, ServiceSpec, ServiceStatus } from '@meshwise/resources';
import { describe, expect, test } from 'vitest';
import { type EnvironmentInput, resolveEnvironment } from './environment.ts';
import { serviceEnvironment } from './service-environment.ts';

const pod: Resource<PodSpec, PodStatus> = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-x2z4q',
    namespace: 'shop',
    uid: 'u-1',
    labels: { app: 'web', 'example.org/tier': 'front' },
    annotations: { note: 'hello' },
  },
  spec: { containers: [], serviceAccountName: 'clerk' },
  status: { podIP: '192.0.2.7' },
};

const service = (name: string, spec: ServiceSpec): Resource<ServiceSpec, ServiceStatus> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec,
});

function resolve(container: Partial<Container>, more: Partial<EnvironmentInput> = {}) {
  return resolveEnvironment({
    pod,
    container: { name: 'main', ...container },
    programEnv: {},
    services: [],
    configMap: (name) => (name === 'settings' ? { COLOUR: 'blue', SIZE: '3' } : undefined),
    secret: (name) => (name === 'login' ? { user: 'ann' } : undefined),
    node: { nodeName: 'meshwise', hostIp: '127.0.0.1' },
    ...more,
  });
}

const field = (fieldPath: string) => ({ name: 'V', valueFrom: { fieldRef: { fieldPath } } });

test.each([
  ['metadata.name', 'web-x2z4q'],
  ['metadata.namespace', 'shop'],
  ['metadata.uid', 'u-1'],
  ["metadata.labels['app']", 'web'],
  ["metadata.labels['example.org/tier']", 'front'],
  ["metadata.labels['absent']", ''],
  ["metadata.annotations['note']", 'hello'],
  ['spec.serviceAccountName', 'clerk'],
  ['spec.nodeName', 'meshwise'],
  ['status.podIP', '192.0.2.7'],
  ['status.hostIP', '127.0.0.1'],
])('fieldRef %s', (path, value) => {
  expect(resolve({ env: [field(path)] })).toEqual({ V: value });
});

test('a field that Kubernetes does not offer is an error that names it', () => {
  const error = resolve({ env: [field('spec.containers')] });
  expect(error).toBeInstanceOf(MeshwiseError);
  expect(String(error)).toContain('spec.containers');
});

test('later sources win: program, services, envFrom in order, env in order', () => {
  const services = [service('settings', { clusterIP: '10.96.0.9', ports: [{ port: 80 }] })];
  const programEnv = { COLOUR: 'from program', SETTINGS_SERVICE_HOST: 'from program', ONLY: 'program' };
  const container: Partial<Container> = {
    envFrom: [{ configMapRef: { name: 'settings' } }, { prefix: 'LOGIN_', secretRef: { name: 'login' } }],
    env: [
      { name: 'SIZE', value: 'from env' },
      { name: 'SIZE', value: 'last' },
    ],
  };
  expect(resolve(container, { services, programEnv })).toMatchObject({
    ONLY: 'program',
    SETTINGS_SERVICE_HOST: '10.96.0.9',
    COLOUR: 'blue',
    LOGIN_user: 'ann',
    SIZE: 'last',
  });
});

test('$(NAME) sees what was set before it; unknown names stay, $$ is a dollar', () => {
  const env = [
    { name: 'A', value: 'one' },
    { name: 'B', value: '$(A)-$(LATER)-$$(A)-$A-$(' },
    { name: 'LATER', value: '$(B)' },
  ];
  expect(resolve({ env })).toEqual({ A: 'one', B: 'one-$(LATER)-$(A)-$A-$(', LATER: 'one-$(LATER)-$(A)-$A-$(' });
});

describe('ConfigMaps and Secrets', () => {
  const key = (name: string, optional?: boolean) => ({
    name: 'V',
    valueFrom: { configMapKeyRef: { name, key: 'COLOUR', ...(optional === undefined ? {} : { optional }) } },
  });

  test('a key is read from either', () => {
    expect(resolve({ env: [key('settings')] })).toEqual({ V: 'blue' });
    expect(resolve({ env: [{ name: 'V', valueFrom: { secretKeyRef: { name: 'login', key: 'user' } } }] })).toEqual({
      V: 'ann',
    });
  });

  test('what is missing is an error that names pod, container and key, unless optional', () => {
    const error = resolve({ env: [key('absent')] });
    expect(error).toMatchObject({ code: 'MW3014' });
    expect(String(error)).toContain('Container main of pod shop/web-x2z4q needs key COLOUR of ConfigMap absent');
    expect(resolve({ env: [key('absent', true)] })).toEqual({});
    expect(resolve({ envFrom: [{ secretRef: { name: 'absent' } }] })).toMatchObject({ code: 'MW3014' });
    expect(resolve({ envFrom: [{ secretRef: { name: 'absent', optional: true } }] })).toEqual({});
  });
});

describe('service variables', () => {
  test('are those of Kubernetes, ports by name included', () => {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'dns-udp', port: 53, protocol: 'UDP' as const },
    ];
    expect(serviceEnvironment([service('my-shop', { clusterIP: '10.96.3.4', ports })])).toEqual({
      MY_SHOP_SERVICE_HOST: '10.96.3.4',
      MY_SHOP_SERVICE_PORT: '80',
      MY_SHOP_SERVICE_PORT_HTTP: '80',
      MY_SHOP_SERVICE_PORT_DNS_UDP: '53',
      MY_SHOP_PORT: 'tcp://10.96.3.4:80',
      MY_SHOP_PORT_80_TCP: 'tcp://10.96.3.4:80',
      MY_SHOP_PORT_80_TCP_PROTO: 'tcp',
      MY_SHOP_PORT_80_TCP_PORT: '80',
      MY_SHOP_PORT_80_TCP_ADDR: '10.96.3.4',
      MY_SHOP_PORT_53_UDP: 'udp://10.96.3.4:53',
      MY_SHOP_PORT_53_UDP_PROTO: 'udp',
      MY_SHOP_PORT_53_UDP_PORT: '53',
      MY_SHOP_PORT_53_UDP_ADDR: '10.96.3.4',
    });
  });

  test('leave out services without an address, and all of them without enableServiceLinks', () => {
    const services = [
      service('headless', { clusterIP: 'None', ports: [{ port: 80 }] }),
      service('new', { ports: [{ port: 80 }] }),
    ];
    expect(serviceEnvironment(services)).toEqual({});
    const spec = { containers: [], enableServiceLinks: false };
    const given = [service('web', { clusterIP: '10.96.0.9', ports: [{ port: 80 }] })];
    expect(resolve({}, { services: given, pod: { ...pod, spec } })).toEqual({});
    expect(resolve({}, { services: given })).toHaveProperty('WEB_SERVICE_HOST');
  });
});
