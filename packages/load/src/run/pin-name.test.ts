import { describe, expect, it } from 'vitest';
import { planFor } from '../testing/plans.ts';
import { pinName } from './pin-name.ts';

const pinned = async (url: string, ...addresses: string[]) => {
  const { owner, plan } = await pinName(planFor(url), { lookup: async () => addresses });
  return { owner, resolve: plan.connections.resolve };
};

describe('a name that is this machine’s', () => {
  it('is what it was when it was looked at, for as long as the run takes', async () => {
    expect(await pinned('http://dev.example:81/', '::1', '127.0.1.1')).toEqual({
      owner: 'this machine',
      resolve: [{ host: 'dev.example', port: null, address: '127.0.1.1' }],
    });
    expect((await pinned('http://dev.example/', '::1')).resolve).toMatchObject([{ address: '::1' }]);
  });

  it('stays as it is when nobody else can say what it means, or when it is somebody else’s', async () => {
    for (const url of ['http://localhost/', 'http://a.localhost/', 'http://127.0.0.1/', 'http://[::1]/']) {
      expect(await pinned(url, '127.0.0.1'), url).toEqual({ owner: 'this machine', resolve: [] });
    }
    expect(await pinned('http://dev.example/', '127.0.0.1', '192.0.2.1')).toEqual({
      owner: 'somebody else',
      resolve: [],
    });
  });
});
