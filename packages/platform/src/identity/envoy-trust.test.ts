import { ManualClock, systemClock } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import { describe, expect, test } from 'vitest';
import { ensureEnvoy } from '../setup/index.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { type Pair, TlsEnvoy } from './testing/tls-envoy.ts';
import { openAuthority } from './testing.ts';

const envoy = await ensureEnvoy({}).catch(() => undefined);
const DAY_MS = 24 * 3_600_000;
const BLOCK = /-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----\n/g;

function identity(serviceAccount: string): Identity {
  return { trustDomain: 'cluster.local', namespace: 'default', serviceAccount };
}
const reviews = identity('reviews');
const ratings = identity('ratings');

async function revoke(authority: CertificateAuthority, ...serials: readonly string[]): Promise<void> {
  await authority.revoke(authority.issued().filter(({ serialNumber }) => serials.includes(serialNumber)));
  await authority.publishRevocations();
}

async function setUp() {
  const { authority } = await openAuthority({ clock: systemClock });
  const server = await authority.issue(identity('productpage'));
  const proxy = await TlsEnvoy.start(envoy?.path ?? '', server, authority.roots());
  return { authority, proxy };
}

describe.skipIf(envoy === undefined)('an Envoy with the trust of the mesh (needs Envoy)', { timeout: 30_000 }, () => {
  test('goes through the exchange of a root: both are accepted, then the new one alone (000-6, 004-87)', async () => {
    const { authority, proxy } = await setUp();
    const old = await authority.issue(reviews);
    const first = authority.roots();
    expect(await proxy.answers(old, first)).toBe('accepted');

    await authority.rotate('introduce');
    const both = authority.roots();
    await proxy.setTrust(both);
    expect(await proxy.answers(old, both)).toBe('accepted');
    const open = await proxy.open(old, both);
    expect(await open.ask()).toBe(200);

    await authority.rotate('switch');
    const fresh = await authority.issue(reviews);
    expect(fresh.root).not.toBe(old.root);
    expect(await proxy.answers(fresh, both)).toBe('accepted');
    expect(await proxy.answers(old, both)).toBe('accepted');

    await authority.rotate('retire');
    await proxy.setTrust(authority.roots());
    // The server still presents a certificate of the old root, so whoever calls trusts both.
    expect(await proxy.answers(fresh, both)).toBe('accepted');
    expect(await proxy.answers(old, both)).toBe('refused');
    expect(await open.ask()).toBe(200);
  });

  test('refuses what is revoked and nothing else, whichever root or intermediate signed it (004-84)', async () => {
    const { authority, proxy } = await setUp();
    const stolen = await authority.issue(reviews);
    const other = await authority.issue(ratings);
    await authority.rotate('introduce');
    await authority.rotate('switch');
    const trust = authority.roots();
    const [fresh, freshStolen] = [await authority.issue(reviews), await authority.issue(reviews)];
    await proxy.setTrust(trust);
    const open = await proxy.open(stolen, trust);
    expect(await open.ask()).toBe(200);
    expect(open.session).toBeDefined();
    expect(await proxy.answers(stolen, trust, open.session)).toBe('accepted');

    await revoke(authority, stolen.serialNumber, freshStolen.serialNumber);
    const { crlPem = '' } = authority.roots();
    expect(crlPem.match(BLOCK)).toHaveLength(2);
    await proxy.setTrust(authority.roots());
    const answers = await Promise.all([stolen, freshStolen, other, fresh].map((pair) => proxy.answers(pair, trust)));
    expect(answers).toEqual(['refused', 'refused', 'accepted', 'accepted']);
    // Resuming does not go round it; what is open stays, since Envoy does not look again.
    expect(await proxy.answers(stolen, trust, open.session)).toBe('refused');
    expect(await open.ask()).toBe(200);
  });

  test('tells intermediates of one name apart by their keys, as renewed ones are (004-85)', async () => {
    // An authority that is half a year old today.
    const clock = new ManualClock(Date.now() - 184 * DAY_MS);
    const { authority } = await openAuthority({ clock, workloadLifetimeMs: 30 * DAY_MS });
    await clock.advance(181 * DAY_MS);
    const [early, otherEarly] = [await authority.issue(reviews), await authority.issue(ratings)];
    await clock.advance(3 * DAY_MS);
    const [late, otherLate] = [await authority.issue(reviews), await authority.issue(ratings)];
    const trust = authority.roots();
    const proxy = await TlsEnvoy.start(envoy?.path ?? '', otherLate, trust);
    await revoke(authority, early.serialNumber);
    const ask = (...pairs: readonly Pair[]) => Promise.all(pairs.map((pair) => proxy.answers(pair, trust)));
    await proxy.setTrust(authority.roots());
    expect(await ask(early, otherEarly, late)).toEqual(['refused', 'accepted', 'accepted']);
    await revoke(authority, late.serialNumber);
    await proxy.setTrust(authority.roots());
    expect(await ask(early, otherEarly, late, otherLate)).toEqual(['refused', 'accepted', 'refused', 'accepted']);
  });

  test('needs the list of every intermediate, and none of the roots, as the mesh supplies it', async () => {
    const { authority, proxy } = await setUp();
    const stolen = await authority.issue(reviews);
    await authority.rotate('introduce');
    await authority.rotate('switch');
    const good = await authority.issue(reviews);
    await revoke(authority, stolen.serialNumber);
    const trust = authority.roots();
    const lists = trust.crlPem?.match(BLOCK) ?? [];

    await proxy.setTrust(trust);
    expect(await proxy.answers(good, trust)).toBe('accepted');
    // Without its own issuer's list the good one is refused, and so is everybody when lists of roots are wanted too.
    await proxy.setTrust({ ...trust, crlPem: lists[1] ?? '' });
    expect(await proxy.answers(good, trust)).toBe('refused');
    await proxy.setTrust(trust, { everyCertificateIsListed: true });
    expect(await proxy.answers(good, trust)).toBe('refused');
  });
});
