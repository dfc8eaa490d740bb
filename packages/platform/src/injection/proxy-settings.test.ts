import type { ProxyConfigSpec, Resource } from '@meshwise/resources';
import { expect, test } from 'vitest';
import { admitPod } from './admit-pod.ts';
import { configOfPod } from './proxy-config.ts';
import { proxySettings, proxyVariables } from './proxy-settings.ts';

const config = (name: string, spec: ProxyConfigSpec, created = 0): Resource<ProxyConfigSpec> => {
  const [namespace = '', own = ''] = name.split('/');
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    metadata: { namespace, name: own, creationTimestamp: new Date(created * 1000).toISOString() },
    spec,
  };
};
const root = config('istio-system/mesh', { concurrency: 1, environmentVariables: { A: 'root', B: 'root' } });
const wide = config('default/wide', { environmentVariables: { B: 'namespace' } });
const own = config('default/own', { selector: { matchLabels: { app: 'x' } }, concurrency: 3 });

test('ProxyConfig: the narrower one wins field by field, and variables are put together', () => {
  expect(proxySettings([own, wide, root], 'default', { app: 'x' })).toEqual({
    concurrency: 3,
    proxyMetadata: { A: 'root', B: 'namespace' },
  });
  expect(proxySettings([own, wide, root], 'default', { app: 'y' })).toMatchObject({ concurrency: 1 });
  expect(proxySettings([own, wide], 'shop', { app: 'x' })).toEqual({});
});

test('ProxyConfig: the oldest of several holds', () => {
  const later = config('default/another', { concurrency: 7 }, 9);
  const earlier = config('default/first', { concurrency: 2 }, 1);
  expect(proxySettings([later, earlier], 'default', {})).toMatchObject({ concurrency: 2 });
});

test('ProxyConfig environmentVariables of the loader are not the user’s to set', () => {
  const settings = proxySettings(
    [config('default/a', { environmentVariables: { LD_PRELOAD: '/x', A: 'b' } })],
    'default',
    {},
  );
  expect(proxyVariables(settings)).toEqual({ A: 'b' });
});

test('ProxyConfig is written into the pod when it is admitted, and the annotation wins over it', () => {
  const annotations = { 'proxy.istio.io/config': 'concurrency: 5\nproxyMetadata:\n  A: annotation\n' };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name: 'a', labels: { app: 'x' }, annotations },
    spec: { containers: [{ name: 'a', image: 'a' }] },
  };
  const proxyConfig = proxySettings([own, root], 'default', { app: 'x' });
  const admitted = admitPod(pod, { 'istio-injection': 'enabled' }, { proxyConfig });
  expect(configOfPod(admitted)).toEqual({ concurrency: 5, proxyMetadata: { A: 'annotation', B: 'root' } });
  const { annotations: _, ...metadata } = pod.metadata;
  const plain = admitPod({ ...pod, metadata }, { 'istio-injection': 'enabled' }, { proxyConfig });
  expect(configOfPod(plain)).toMatchObject({ concurrency: 3 });
});
