import type { Resource } from '@meshwise/resources';
import { expect, it } from 'vitest';
import type { PodSandbox } from '../capture/capture.ts';
import { proxyDescriptor } from './proxy-identity.ts';

const sandbox: PodSandbox = {
  namespace: 'default',
  name: 'reviews',
  placement: { capture: 'loopback', podIp: '127.1.0.1', programIp: '127.1.0.2', tunnelSocketPath: '/run/tunnel' },
} as PodSandbox;
const pod = (labels: Readonly<Record<string, string>>): Resource => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name: 'reviews', labels },
  spec: { containers: [{ name: 'istio-proxy' }, { name: 'reviews' }] },
});
const options = { trustDomain: 'cluster.local', clusterDomain: 'cluster.local' };

it('a proxy stands where the label of its pod says (004-65)', () => {
  expect(proxyDescriptor(pod({ 'istio-locality': 'eu.a.1' }), sandbox, options).locality).toBe('eu/a/1');
  expect(proxyDescriptor(pod({}), sandbox, options)).not.toHaveProperty('locality');
});
