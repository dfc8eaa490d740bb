import { join } from 'node:path';
import { ManualClock } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CertificateAuthority } from './certificate-authority.ts';
import { SecretRegistry } from './secret-registry.ts';
import { temporaryDirectory } from './testing.ts';

const MINUTE_MS = 60_000;

function identityOf(serviceAccount: string): Identity {
  return { trustDomain: 'cluster.local', namespace: 'default', serviceAccount };
}
const details = identityOf('details');

describe('the registry of certificates of a real authority (004-84)', () => {
  test('rotates a short life at half of it at the earliest, however far its certificate is dated back (004-85)', async () => {
    const clock = new ManualClock(Date.UTC(2031, 0, 1));
    const directory = join(await temporaryDirectory(), 'ca');
    const options = { directory, trustDomain: 'cluster.local', clock, workloadLifetimeMs: MINUTE_MS };
    const issuer = await CertificateAuthority.open(options);
    const registry = new SecretRegistry({ issuer, clock, random: () => 0 });
    onTestFinished(() => registry.close());
    const changed = () => new Promise<void>((resolve) => registry.onChange(() => resolve()));
    const first = changed();
    registry.want(details);
    await first;
    const serial = registry.get(details)?.serialNumber;
    await clock.advance(0.49 * MINUTE_MS);
    expect(issuer.issued()).toHaveLength(1);
    const second = changed();
    await clock.advance(0.02 * MINUTE_MS);
    await second;
    expect(registry.get(details)?.serialNumber).not.toBe(serial);
  });

  test('hands out what a real authority signs, for hundreds of identities at once', async () => {
    const clock = new ManualClock(Date.UTC(2031, 0, 1));
    const directory = join(await temporaryDirectory(), 'ca');
    const issuer = await CertificateAuthority.open({ directory, trustDomain: 'cluster.local', clock });
    const registry = new SecretRegistry({ issuer, clock });
    onTestFinished(() => registry.close());
    const wanted = Array.from({ length: 200 }, (_, index) => identityOf(`account-${index}`));
    const arrived = new Promise<void>((resolve) => {
      let count = 0;
      registry.onChange(() => {
        count += 1;
        if (count === wanted.length) resolve();
      });
    });
    for (const identity of wanted) registry.want(identity);
    await arrived;
    expect(new Set(wanted.map((identity) => registry.get(identity)?.serialNumber)).size).toBe(200);
  });
});
