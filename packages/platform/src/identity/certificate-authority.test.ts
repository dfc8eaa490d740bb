import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readCertificates } from './read-certificates.ts';
import { NOW_MS, openAuthority, opensslText, opensslVerify, reviews } from './testing.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function summaryOf(pem: string, index: number) {
  const summary = readCertificates(pem)[index];
  if (summary === undefined) throw new Error(`no certificate ${index}`);
  return summary;
}

describe('a workload certificate (004-84, 004-120)', () => {
  test('verifies with OpenSSL, strictly, as client and as server', async () => {
    const { authority } = await openAuthority();
    const { certificateChainPem } = await authority.issue(reviews);
    const { caPem } = authority.roots();
    expect(await opensslVerify(certificateChainPem, caPem, NOW_MS, 'sslclient')).toBe('OK');
    expect(await opensslVerify(certificateChainPem, caPem, NOW_MS, 'sslserver')).toBe('OK');
  });

  test('does not verify outside its time', async () => {
    const { authority } = await openAuthority();
    const { certificateChainPem, notAfterMs } = await authority.issue(reviews);
    const { caPem } = authority.roots();
    expect(await opensslVerify(certificateChainPem, caPem, notAfterMs + 1000, 'sslclient')).toContain('expired');
    expect(await opensslVerify(certificateChainPem, caPem, NOW_MS - 61_000, 'sslclient')).toContain('not yet valid');
  });

  test('does not verify under the root of another mesh, even one of the same trust domain (004-113)', async () => {
    const one = await openAuthority();
    const other = await openAuthority();
    const { certificateChainPem } = await one.authority.issue(reviews);
    const said = await opensslVerify(certificateChainPem, other.authority.roots().caPem, NOW_MS, 'sslclient');
    expect(said).toContain('verification failed');
  });

  test('has no subject, one critical URI name, and the rights X509-SVID allows and no more', async () => {
    const { authority } = await openAuthority();
    const text = await opensslText((await authority.issue(reviews)).certificateChainPem);
    expect(text).toMatch(/Subject: *\n/);
    expect(text).toMatch(
      /Subject Alternative Name: critical\n +URI:spiffe:\/\/cluster\.local\/ns\/default\/sa\/bookinfo-reviews\n/,
    );
    expect(text).toMatch(/Basic Constraints: critical\n +CA:FALSE\n/);
    expect(text).toMatch(/Key Usage: critical\n +Digital Signature\n/);
    expect(text).toMatch(/Extended Key Usage: *\n +TLS Web Server Authentication, TLS Web Client Authentication\n/);
    expect(text).toContain('prime256v1');
  });

  test('begins a minute ago and lives a day unless told otherwise', async () => {
    const { authority } = await openAuthority();
    const issued = await authority.issue(reviews);
    expect(issued.notBeforeMs).toBe(NOW_MS - 60_000);
    expect(issued.notAfterMs).toBe(NOW_MS + DAY_MS);
    const short = await openAuthority({ workloadLifetimeMs: HOUR_MS });
    expect((await short.authority.issue(reviews)).notAfterMs).toBe(NOW_MS + HOUR_MS);
  });

  test('comes with its own private key, which is new each time', async () => {
    const { authority } = await openAuthority();
    const [one, two] = [await authority.issue(reviews), await authority.issue(reviews)];
    expect(one.privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+\n-----END PRIVATE KEY-----\n$/);
    expect(one.privateKeyPem).not.toBe(two.privateKeyPem);
    expect(one.serialNumber).not.toBe(two.serialNumber);
  });

  test('is refused for another trust domain and for a name that is none', async () => {
    const { authority } = await openAuthority();
    await expect(authority.issue({ ...reviews, trustDomain: 'other.example' })).rejects.toThrowError(/^MW4004/);
    await expect(authority.issue({ ...reviews, namespace: '../admin' })).rejects.toThrowError(/^MW4001/);
  });

  test.each([0, 59_999, 181 * DAY_MS, Number.NaN])('cannot be made to live %d ms', async (workloadLifetimeMs) => {
    await expect(openAuthority({ workloadLifetimeMs })).rejects.toThrowError(/^MW1004: workloadLifetimeMs/);
  });
});

describe('signing certificates', () => {
  test('carry the trust domain as their SPIFFE id and may sign only', async () => {
    const { authority } = await openAuthority();
    const chain = (await authority.issue(reviews)).certificateChainPem;
    const intermediate = await opensslText(chain.slice(chain.indexOf('-----BEGIN', 1)));
    const root = await opensslText(authority.roots().caPem);
    for (const text of [intermediate, root]) {
      expect(text).toContain('URI:spiffe://cluster.local\n');
      expect(text).toMatch(/Key Usage: critical\n +Certificate Sign, CRL Sign\n/);
    }
    expect(intermediate).toContain('CA:TRUE, pathlen:0');
    expect(root).toContain('CA:TRUE, pathlen:1');
  });

  test('are renewed by the root when half of the intermediate is gone, and old leaves stay valid', async () => {
    const { authority, clock, directory } = await openAuthority();
    const before = await authority.issue(reviews);
    await clock.advance(181 * DAY_MS);
    const early = await authority.issue(reviews);
    await clock.advance(3 * DAY_MS);
    const [late, atOnce] = await Promise.all([authority.issue(reviews), authority.issue(reviews)]);

    const intermediateOf = (issued: { certificateChainPem: string }) =>
      summaryOf(issued.certificateChainPem, 1).serialNumber;
    expect(intermediateOf(early)).toBe(intermediateOf(before));
    expect(intermediateOf(late)).not.toBe(intermediateOf(early));
    expect(intermediateOf(atOnce)).toBe(intermediateOf(late));
    const { caPem } = authority.roots();
    expect(await opensslVerify(late.certificateChainPem, caPem, clock.nowMs(), 'sslserver')).toBe('OK');
    expect(await opensslVerify(early.certificateChainPem, caPem, early.notAfterMs - 1000, 'sslserver')).toBe('OK');

    const restarted = await openAuthority({ directory, clock });
    expect(intermediateOf(await restarted.authority.issue(reviews))).toBe(intermediateOf(late));
  });

  test('never outlive the root, and after its end nothing is issued', async () => {
    const { authority, clock } = await openAuthority();
    const rootEndMs = summaryOf(authority.roots().caPem, 0).notAfterMs;
    await clock.advance(rootEndMs - NOW_MS - HOUR_MS);
    const last = await authority.issue(reviews);
    expect(last.notAfterMs).toBe(rootEndMs);
    expect(summaryOf(last.certificateChainPem, 1).notAfterMs).toBe(rootEndMs);
    await clock.advance(HOUR_MS);
    await expect(authority.issue(reviews)).rejects.toThrowError(/^MW4005/);
  });

  test('stay in use when the renewal cannot be written', async () => {
    const { authority, clock, directory } = await openAuthority();
    const before = await authority.issue(reviews);
    await clock.advance(200 * DAY_MS);
    await rm(directory, { recursive: true });
    await writeFile(directory, 'a file where the directory was');
    const after = await authority.issue(reviews);
    expect(summaryOf(after.certificateChainPem, 1)).toEqual(summaryOf(before.certificateChainPem, 1));
  });
});
