import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { CertificateAuthority, SecretRegistry } from '@meshwise/platform';
import { expect, onTestFinished, test } from 'vitest';
import { IdentityOperations, type IdentityOptions } from './operations.ts';

const [clock, logger] = [systemClock, silentLogger];
const ID = 'spiffe://cluster.local/ns/default/sa/reviews';

/** An authority with one proxy, which has acknowledged whatever it was told and still has to get another certificate. */
async function operations() {
  const directory = await mkdtemp(join(tmpdir(), 'meshwise-operations-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const authority = await CertificateAuthority.open({ directory, trustDomain: 'cluster.local', clock });
  const secrets = new SecretRegistry({ issuer: authority, clock });
  onTestFinished(() => secrets.close());
  const identity = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'reviews' };
  const issued = new Promise<void>((resolve) => secrets.onChange(() => resolve()));
  secrets.want(identity);
  await issued;
  const proxy = { id: 'reviews', workload: 'default/reviews', identity: ID, process: 'running' };
  const types = { SDS: { pending: false } };
  const options = {
    ...{ authority, secrets, clock, logger, publish: () => {}, proxies: () => [] },
    store: { list: async () => ({ items: [], resourceVersion: '1' }) },
    ads: { proxyStatus: () => ({ connectedSinceMs: 1, types }) },
    status: async () => ({ proxies: [proxy] }),
  } as unknown as IdentityOptions;
  return { authority, identities: new IdentityOperations(options) };
}

test('a step that is asked for while another one is taken waits for the proxies as if it came later (000-6)', async () => {
  const { authority, identities } = await operations();
  await identities.rotate({ step: 'introduce' });
  const [switched, retired] = await Promise.allSettled([
    identities.rotate({ step: 'switch' }),
    identities.rotate({ step: 'retire' }),
  ]);
  expect(switched.status).toBe('fulfilled');
  expect(retired).toMatchObject({ status: 'rejected', reason: { code: 'MW4009' } });
  expect(authority.phase).toBe('switched');
});
