import { ManualClock } from '@meshwise/core';
import type { MeshModel, ProxyDescriptor } from '@meshwise/model';
import type { AdsServer, ControlPlane } from '@meshwise/xds';
import { describe, expect, it } from 'vitest';
import { type ControlSecrets, MeshControl } from './control.ts';

const PROXY: ProxyDescriptor = { id: 'p', namespace: 'default', labels: {}, role: 'sidecar', workloads: [] };

function controlOf(settled: () => Promise<void>) {
  const clock = new ManualClock();
  const listening: string[] = [];
  const ads = {
    listen({ socketPath }: { socketPath: string }) {
      listening.push(socketPath);
      return Promise.resolve({ close: () => Promise.resolve() });
    },
  } as unknown as AdsServer;
  const plane = { setProxy() {}, settled } as unknown as ControlPlane;
  const control = new MeshControl(ads, plane, {} as ControlSecrets, {} as MeshModel, clock);
  return { control, clock, listening };
}

describe('a proxy that starts', () => {
  it('waits for verdicts, which are not there at once', async () => {
    const verdicts = Promise.withResolvers<void>();
    const { control, clock, listening } = controlOf(() => verdicts.promise);
    const set = control.setProxy(PROXY, '/run/p.sock');
    await new Promise(setImmediate);
    await clock.advance(1_000);
    expect(listening).toEqual([]);
    verdicts.resolve();
    await set;
    expect(listening).toEqual(['/run/p.sock']);
  });

  it('starts without what has no verdict in time', async () => {
    const { control, clock, listening } = controlOf(() => new Promise(() => {}));
    const set = control.setProxy(PROXY, '/run/p.sock');
    await new Promise(setImmediate);
    await clock.advance(60_000);
    await set;
    expect(listening).toEqual(['/run/p.sock']);
  });
});
