import type { ProxyView } from '@meshwise/api';
import { describe, expect, it } from 'vitest';
import { callViews } from './calls-view.ts';
import type { ProxySample, UpstreamSample } from './sampler.ts';
import type { Snapshot } from './snapshot.ts';

const REVIEWS = 'outbound|9080|v1|reviews.default.svc.cluster.local';
const rate = (requestsPerSecond: number, latencyP99Ms = 5) => ({
  requestsPerSecond,
  errorPercent: 0,
  latencyP50Ms: 1,
  latencyP99Ms,
});

function calls(...samples: readonly (readonly [workload: string, cluster: string, sample: UpstreamSample])[]) {
  const proxies = samples.map(([workload], index) => ({ id: `p${index}`, workload })) as ProxyView[];
  const byProxy = samples.map(([, cluster, sample], index): [string, ProxySample] => [
    `p${index}`,
    { inbound: new Map(), downstream: undefined, upstream: new Map([[cluster, sample]]) },
  ]);
  const services = [{ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'reviews' } }];
  const snapshot = { services, samples: { proxies: new Map(byProxy) } } as unknown as Snapshot;
  return callViews(snapshot, proxies, 'cluster.local');
}

describe('who calls what (001-45)', () => {
  it('is read from the names of clusters, and summed over the pods of a workload', () => {
    const seen = calls(
      ['default/productpage-v1', REVIEWS, { traffic: rate(3, 4), mutualTls: true }],
      ['default/productpage-v1', REVIEWS, { traffic: rate(5, 9), mutualTls: true }],
    );
    expect(seen).toEqual([
      {
        from: 'default/productpage-v1',
        service: 'default/reviews',
        host: 'reviews.default.svc.cluster.local',
        port: 9080,
        subset: 'v1',
        mutualTls: true,
        traffic: { requestsPerSecond: 8, errorPercent: 0, latencyP50Ms: 1, latencyP99Ms: 9 },
      },
    ]);
  });

  it('is not secure when one pod speaks plain text, and unknown when none has a connection', () => {
    const mixed = calls(
      ['default/a', REVIEWS, { traffic: rate(1), mutualTls: true }],
      ['default/a', REVIEWS, { traffic: rate(1), mutualTls: false }],
    );
    expect(mixed[0]?.mutualTls).toBe(false);
    expect(calls(['default/a', REVIEWS, { traffic: rate(0), mutualTls: undefined }])[0]?.mutualTls).toBeNull();
  });

  it('keeps a host that is no service of the mesh, and leaves out what is no outbound cluster', () => {
    const away = calls(
      ['default/a', 'outbound|443||api.example.com', { traffic: rate(1), mutualTls: false }],
      ['default/a', 'inbound|9080||', { traffic: rate(1), mutualTls: false }],
    );
    expect(away).toMatchObject([{ service: null, host: 'api.example.com', port: 443, subset: null }]);
  });
});
