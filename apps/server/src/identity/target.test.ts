import type { IssuedRecord, RunningProxy } from '@meshwise/platform';
import { describe, expect, test } from 'vitest';
import { meantIdentity, type TargetSources } from './target.ts';

const SERIAL = '5a31c0de5a31c0de5a31c0de5a31c0de';
const ID = 'spiffe://cluster.local/ns/shop/sa/cart';
const record = { serialNumber: SERIAL, spiffeId: ID } as IssuedRecord;

function proxy(namespace: string, name: string, serviceAccount?: string): RunningProxy {
  const identity =
    serviceAccount === undefined ? {} : { identity: { trustDomain: 'cluster.local', namespace, serviceAccount } };
  return {
    descriptor: { id: `${name}.${namespace}`, ...identity },
    pod: { namespace, name, uid: name },
  } as RunningProxy;
}

function sources(...proxies: readonly RunningProxy[]): TargetSources {
  return {
    store: { list: async () => ({ items: [], resourceVersion: '1' }) },
    authority: { findIssued: (serial) => (serial === SERIAL ? record : undefined) },
    proxies: () => proxies,
  };
}

describe('what a target means', () => {
  const cart = { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: 'cart' };

  test('a SPIFFE id is itself, whether or not anybody has it', async () => {
    expect(await meantIdentity(sources(), { target: ID })).toEqual({ identity: cart });
    await expect(meantIdentity(sources(), { target: 'spiffe://cluster.local/x' })).rejects.toThrowError(/^MW4001/);
  });

  test.each([SERIAL, SERIAL.toUpperCase(), (SERIAL.match(/../g) ?? []).join(':')])(
    'a serial number is the certificate: %s',
    async (target) => {
      expect(await meantIdentity(sources(), { target })).toEqual({ identity: cart, certificate: record });
    },
  );

  test.each([
    ['cart-v1-x', undefined],
    ['cart-v1', undefined],
    ['cart-v1', 'shop'],
    ['shop/cart-v1-x', undefined],
    ['shop/cart-v1', undefined],
  ])('%s in %s is a workload by its proxies', async (target, namespace) => {
    const found = sources(
      proxy('shop', 'cart-v1-x', 'cart'),
      proxy('shop', 'cart-v1-y', 'cart'),
      proxy('shop', 'other', 'o'),
    );
    const place = namespace === undefined ? {} : { namespace };
    expect(await meantIdentity(found, { target, ...place })).toEqual({ identity: cart });
  });

  test.each([
    ['nothing', sources()],
    ['a proxy without an identity', sources(proxy('shop', 'cart-1'))],
    ['proxies of several identities', sources(proxy('shop', 'cart-1', 'one'), proxy('shop', 'cart-2', 'two'))],
  ])('%s is refused (MW4011)', async (_, found) => {
    await expect(meantIdentity(found, { target: 'cart' })).rejects.toThrowError(/^MW4011/);
  });
});
