import type { PathVariant } from '@meshwise/performance';
import { describe, expect, it } from 'vitest';
import type { MeasuringContext } from './context.ts';
import type { LoadClient } from './load-client.ts';
import { type Compared, MeshComparison } from './mesh-comparison.ts';

const POD = { namespace: 'default', name: 'details-1', ip: '10.244.0.5', port: 9080, uid: 'u1' };
const COMPARED: Compared = {
  load: { requests: [{ method: 'POST', path: '/a?b=c', headers: [['x-one', '1']] }], arrivals: 'poisson' },
  blockMs: 2_000,
  url: new URL('http://details.default.svc.cluster.local:9080/details/0'),
  pods: [{ ...POD, mutualTls: 'permissive', protocol: 'http' }],
  client: { pod: { namespace: 'default', name: 'meshwise-load-1' } } as LoadClient,
  plan: { cores: 2, seed: 7 },
};

/** A mesh in which a pod of that name has this uid; counts the networks that were made for pods. */
function comparisonWith(uid: string) {
  const made: unknown[] = [];
  const mesh = {
    store: { get: async () => ({ metadata: { uid } }) },
    capture: {
      createPod: async (pod: unknown) => {
        made.push(pod);
        throw new Error('far enough');
      },
    },
  };
  const context = { mesh, home: { path: '/' }, cacheDirectory: '/' } as unknown as MeasuringContext;
  return { made, comparison: new MeshComparison(COMPARED, context) };
}

describe('a comparison with and without sidecars', () => {
  it('sends the same requests in every variant, to other addresses (002-3)', () => {
    const { comparison } = comparisonWith('u1');
    const plans = (['none', 'server', 'both'] satisfies PathVariant[]).map((variant) => comparison.planOf(variant));
    expect(plans.map(({ requests }) => requests[0]?.url)).toEqual([
      'http://127.0.0.1:9080/a?b=c',
      'http://10.244.0.5:9080/a?b=c',
      'http://details.default.svc.cluster.local:9080/a?b=c',
    ]);
    const alike = plans.map(({ requests, ...plan }) => ({
      ...plan,
      requests: requests.map((one) => ({ ...one, url: '' })),
    }));
    expect(alike).toEqual([alike[0], alike[0], alike[0]]);
    expect(alike[0]?.requests[0]?.headers).toContainEqual(['host', 'details.default.svc.cluster.local:9080']);
  });

  it('makes no network for a pod that another has taken the place of', async () => {
    const [gone, there] = [comparisonWith('u2'), comparisonWith('u1')];
    const argv = [process.execPath, '/x.ts'];
    await expect(gone.comparison.launcherOf('none')({ argv })).rejects.toMatchObject({ code: 'MW8006' });
    await expect(there.comparison.launcherOf('none')({ argv })).rejects.toThrow('far enough');
    expect([gone.made.length, there.made.length]).toEqual([0, 1]);
  });
});
