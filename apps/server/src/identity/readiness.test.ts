import type { NackRecord, ProxyStatus } from '@meshwise/xds';
import { describe, expect, test } from 'vitest';
import { type IdentityHolder, uninformed, unreachable, waitedFor } from './readiness.ts';

const nack: NackRecord = {
  type: 'SDS',
  nonce: '1',
  version: '1',
  message: 'no good',
  resources: ['ROOTCA'],
  atMs: 0,
  isOpen: true,
};

function holder(change: Partial<IdentityHolder> = {}, sds: Partial<ProxyStatus['types']['SDS']> = {}): IdentityHolder {
  const types = { SDS: { resourceCount: 2, pending: false, ...sds } };
  return {
    ...{ id: 'p', name: 'default/a', spiffeId: 'spiffe://cluster.local/ns/default/sa/a', root: 'new' },
    ...{ isAttached: false, isRunning: true, isOut: false },
    xds: { id: 'p', connectedSinceMs: 1, types, synced: true, refusedSecrets: 0 },
    ...change,
  };
}
const away: ProxyStatus = { id: 'p', types: {}, synced: false, refusedSecrets: 0 };

describe('whom a step of a rotation waits for (000-6)', () => {
  test('is nobody when all have acknowledged and present the root that signs', () => {
    expect(waitedFor([holder()], 'new')).toEqual([]);
  });

  test.each([
    ['presents a certificate of another root', holder({ root: 'old' })],
    ['presents a certificate of another root', holder({ root: undefined })],
    ['has not acknowledged its secrets yet', holder({}, { pending: true })],
    ['has rejected its secrets: no good', holder({}, { lastNack: nack })],
    ['has rejected its secrets: no good', holder({}, { lastNack: { ...nack, resources: [] } })],
    ['is not connected to the control plane', holder({ xds: away })],
    ['is not connected to the control plane', holder({ xds: undefined })],
    ['has not asked for its certificate yet', holder({ xds: { ...away, connectedSinceMs: 1 } })],
  ])('is a running proxy that %s', (reason, one) => {
    expect(waitedFor([holder(), one], 'new')).toEqual([{ proxy: 'default/a', reason }]);
  });

  test.each([
    ['does not run: it gets everything anew when it starts', holder({ isRunning: false, root: 'old', xds: away })],
    ['has rejected somebody else’s secret', holder({}, { lastNack: { ...nack, resources: ['kubernetes://shop'] } })],
    ['has taken back what it rejected', holder({}, { lastNack: { ...nack, isOpen: false } })],
    ['is shut out, and gets no other certificate', holder({ root: 'old', isOut: true })],
  ])('is none that %s', (_, one) => {
    expect(waitedFor([one], 'new')).toEqual([]);
  });

  test('is no attached process of which nothing is known, which is named instead', () => {
    const unknown = holder({ isAttached: true, xds: away, name: 'shop/vm' });
    expect(waitedFor([unknown], 'new')).toEqual([]);
    expect(unreachable([unknown, holder()])).toEqual(['shop/vm']);
    expect(waitedFor([holder({ isAttached: true, root: 'old' })], 'new')).toHaveLength(1);
  });

  test('for a revocation it does not matter which root signed', () => {
    expect(uninformed([holder({ root: 'old' })])).toEqual([]);
    expect(uninformed([holder({}, { pending: true })])).toHaveLength(1);
  });
});
