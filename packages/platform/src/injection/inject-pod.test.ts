import type { PodSpec, PodStatus, Resource } from '@meshwise/resources';
import { describe, expect, test } from 'vitest';
import { admitPod } from './admit-pod.ts';
import { injectPod, STATUS_ANNOTATION } from './inject-pod.ts';
import { injectTemplate } from './inject-template.ts';

type Pod = Resource<PodSpec, PodStatus>;

const enabled = { 'istio-injection': 'enabled' };

function pod(metadata: Partial<Resource['metadata']> = {}, spec: object = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-6fcbd-x2z4q', namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'main', image: 'meshwise/example:v1' }], ...spec },
  };
}

const proxyOf = (given: { readonly spec?: PodSpec } | undefined) =>
  given?.spec?.containers.find((container) => container.name === 'istio-proxy');
const env = (given: Pod) => Object.fromEntries((proxyOf(given)?.env ?? []).map((entry) => [entry.name, entry.value]));

test('adds the sidecar after the program, the labels of the mesh and the status', () => {
  const { injected, pod: after } = injectPod(pod({ labels: { app: 'web', version: 'v2' } }), enabled);
  expect(injected).toBe(true);
  expect(after.spec?.containers.map(({ name }) => name)).toEqual(['main', 'istio-proxy']);
  expect(proxyOf(after)?.image).toBe('meshwise/envoy:1.40.0');
  expect(after.metadata.labels).toEqual({
    app: 'web',
    version: 'v2',
    'security.istio.io/tlsMode': 'istio',
    'service.istio.io/canonical-name': 'web',
    'service.istio.io/canonical-revision': 'v2',
  });
  expect(JSON.parse(after.metadata.annotations?.[STATUS_ANNOTATION] ?? '')).toEqual({
    initContainers: [],
    containers: ['istio-proxy'],
    volumes: [],
    imagePullSecrets: [],
    revision: 'default',
  });
});

test('leaves the given pod as it was, and injecting again changes nothing', () => {
  const before = pod({ labels: { app: 'web' } });
  const copy = structuredClone(before);
  const once = injectPod(before, enabled).pod;
  expect(before).toEqual(copy);
  expect(injectPod(once, enabled)).toEqual({ injected: true, reason: 'the sidecar is there already', pod: once });
});

test('a pod that is not injected comes back itself, with the reason', () => {
  const given = pod({}, { hostNetwork: true });
  const result = injectPod(given, enabled);
  expect(result).toEqual({ injected: false, reason: 'the pod uses the host network', pod: given });
  expect(result.pod).toBe(given);
});

test('the workload is named by the Deployment behind the ReplicaSet, and stands in for a missing app label', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-6fcbd', uid: 'u', controller: true };
  const owned = pod({ labels: { 'pod-template-hash': '6fcbd' }, ownerReferences: [owner] });
  const { pod: after } = injectPod(owned, enabled);
  expect(env(after)['ISTIO_META_WORKLOAD_NAME']).toBe('web');
  expect(after.metadata.labels).toMatchObject({
    'service.istio.io/canonical-name': 'web',
    'service.istio.io/canonical-revision': 'latest',
  });
});

describe('annotations', () => {
  const annotated = (annotations: Readonly<Record<string, string>>) => injectPod(pod({ annotations }), enabled).pod;

  test('proxy.istio.io/config reaches the proxy as YAML or JSON says', () => {
    const yaml = annotated({ 'proxy.istio.io/config': 'concurrency: 4\ntracing:\n  sampling: 10.5\n' });
    expect(JSON.parse(env(yaml)['PROXY_CONFIG'] ?? '')).toEqual({ concurrency: 4, tracing: { sampling: 10.5 } });
    const json = annotated({ 'proxy.istio.io/config': '{"concurrency": 1}' });
    expect(JSON.parse(env(json)['PROXY_CONFIG'] ?? '')).toEqual({ concurrency: 1 });
  });

  test.each(['concurrency: [', '- a\n- b', 'just words', '---\na: 1\n---\nb: 2', ''])(
    'one that cannot be read counts as absent: %o',
    (text) => {
      expect(env(annotated({ 'proxy.istio.io/config': text }))['PROXY_CONFIG']).toBe('{}');
    },
  );

  test('holdApplicationUntilProxyStarts puts the proxy first', () => {
    const after = annotated({ 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' });
    expect(after.spec?.containers.map(({ name }) => name)).toEqual(['istio-proxy', 'main']);
  });

  test('resources and log level are the pod’s own', () => {
    const after = annotated({
      'sidecar.istio.io/proxyCPU': '50m',
      'sidecar.istio.io/proxyMemoryLimit': '256Mi',
      'sidecar.istio.io/logLevel': 'debug',
    });
    expect(proxyOf(after)?.resources).toEqual({ requests: { cpu: '50m' }, limits: { memory: '256Mi' } });
    expect(proxyOf(after)?.args).toContain('--proxyLogLevel=debug');
  });

  test('unknown ones are left', () => {
    expect(annotated({ 'example.org/note': 'x' }).metadata.annotations?.['example.org/note']).toBe('x');
  });
});

test('a container named istio-proxy is the author’s wish about the sidecar', () => {
  const wish = {
    name: 'istio-proxy',
    image: 'auto',
    env: [{ name: 'TRUST_DOMAIN', value: 'example.org' }],
    ports: [{ containerPort: 9000 }],
  };
  const { pod: after } = injectPod(pod({}, { containers: [wish, { name: 'main', image: 'x' }] }), enabled);
  expect(after.spec?.containers.map(({ name }) => name)).toEqual(['main', 'istio-proxy']);
  expect(proxyOf(after)).toMatchObject({ image: 'meshwise/envoy:1.40.0', ports: [{ containerPort: 9000 }] });
  expect(env(after)).toMatchObject({ TRUST_DOMAIN: 'example.org', ISTIO_META_CLUSTER_ID: 'Kubernetes' });
});

test('the gateway template makes the pod a router', () => {
  const given = pod(
    { annotations: { 'inject.istio.io/templates': 'gateway' } },
    { containers: [{ name: 'istio-proxy', image: 'auto' }] },
  );
  const { pod: after } = injectPod(given, enabled);
  expect(proxyOf(after)?.args?.slice(0, 2)).toEqual(['proxy', 'router']);
  expect(after.spec?.containers).toHaveLength(1);
  expect(after.metadata.labels).not.toHaveProperty('security.istio.io/tlsMode');
});

test('admission adds the finalizer and the account once', () => {
  const once = admitPod(pod(), enabled);
  expect(once.metadata.finalizers).toEqual(['meshwise.dev/kubelet']);
  expect(once.spec?.serviceAccountName).toBe('default');
  expect(admitPod(once, enabled)).toEqual(once);
  expect(admitPod(pod({}, { serviceAccountName: 'own' }), {}).spec?.serviceAccountName).toBe('own');
});

describe('by hand (004-95…98)', () => {
  const annotations = { 'proxy.istio.io/config': 'concurrency: 2', 'sidecar.istio.io/proxyCPU': '10m' };
  const template = { metadata: { labels: { app: 'web' }, annotations }, spec: pod().spec };
  const deployment: Resource = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
  };
  const templateOf = (resource: Resource) =>
    (resource.spec as { template: { metadata: Resource['metadata']; spec: PodSpec } }).template;

  test('gives the same sidecar, labels and annotations as admission gives the pod of the same YAML', () => {
    const manual = templateOf(injectTemplate(deployment).resource);
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-6fcbd', uid: 'u', controller: true };
    const labels = { ...template.metadata.labels, 'pod-template-hash': '6fcbd' };
    const automatic = injectPod(pod({ labels, annotations, ownerReferences: [owner] }, template.spec), enabled).pod;
    expect(proxyOf(manual)).toBeDefined();
    expect(manual.spec).toEqual(automatic.spec);
    expect({ ...manual.metadata.labels, 'pod-template-hash': '6fcbd' }).toEqual(automatic.metadata.labels);
    expect(manual.metadata.annotations).toEqual(automatic.metadata.annotations);
  });

  test('a pod made from a template injected by hand is not injected a second time', () => {
    const { metadata, spec } = templateOf(injectTemplate(deployment).resource);
    const made = pod({ labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} }, spec);
    expect(injectPod(made, enabled).pod).toEqual(made);
  });

  test('a List is injected item by item; other kinds stay as they are', () => {
    const service: Resource = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: {} };
    const list: Resource = {
      apiVersion: 'v1',
      kind: 'List',
      metadata: { name: '' },
      items: [deployment, service, pod()],
    };
    const { injected, resource } = injectTemplate(list);
    const items = resource['items'] as readonly Resource[];
    expect(injected).toBe(true);
    expect(proxyOf(templateOf(items[0] ?? service))).toBeDefined();
    expect(items[1]).toBe(service);
    expect(proxyOf(items[2] as Pod)).toBeDefined();
  });

  test('what the pod itself refuses is respected', () => {
    const refused = pod({ labels: { 'sidecar.istio.io/inject': 'false' } });
    expect(injectTemplate(refused)).toMatchObject({ injected: false, resource: refused });
  });

  test('a CronJob keeps its template a level deeper', () => {
    const job: Resource = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { schedule: '0 0 * * *', jobTemplate: { spec: { backoffLimit: 1, template } } },
    };
    const spec = injectTemplate(job).resource.spec as {
      schedule: string;
      jobTemplate: { spec: { backoffLimit: number; template: { spec: PodSpec } } };
    };
    expect(spec.schedule).toBe('0 0 * * *');
    expect(spec.jobTemplate.spec.backoffLimit).toBe(1);
    expect(proxyOf(spec.jobTemplate.spec.template)).toBeDefined();
  });
});
