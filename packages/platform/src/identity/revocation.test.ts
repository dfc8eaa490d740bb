import 'reflect-metadata';
import { appendFile, chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { describe, expect, test } from 'vitest';
import type { CertificateAuthority } from './certificate-authority.ts';
import { readCertificates } from './read-certificates.ts';
import { areRevocationLists } from './revocation-list.ts';
import { openAuthority, reviews } from './testing.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ID = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews';
const ratings = { ...reviews, serviceAccount: 'bookinfo-ratings' };

async function revokeAll(authority: CertificateAuthority): Promise<void> {
  await authority.revoke(authority.issued(ID));
  await authority.publishRevocations();
}

/** Serial numbers on every list, by the serial number of the list's issuer in the given chains. */
function listed(authority: CertificateAuthority): readonly (readonly string[])[] {
  const { crlPem = '' } = authority.roots();
  const lists = crlPem.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? [];
  return lists.map((pem) => new x509.X509Crl(pem).entries.map(({ serialNumber }) => serialNumber));
}

describe('what was issued (004-84)', () => {
  test('is remembered until it ends, over restarts', async () => {
    const { authority, clock, directory } = await openAuthority();
    const first = await authority.issue(reviews);
    await clock.advance(DAY_MS / 2);
    const second = await authority.issue(reviews, 'export');
    await authority.issue(ratings);
    const restarted = (await openAuthority({ directory, clock })).authority;
    expect(restarted.issued(ID)).toEqual(authority.issued(ID));
    expect(restarted.issued(ID).map(({ serialNumber, use }) => [serialNumber, use])).toEqual([
      [first.serialNumber, 'proxy'],
      [second.serialNumber, 'export'],
    ]);
    expect(restarted.findIssued(first.serialNumber)).toMatchObject({ spiffeId: ID, root: first.root });
    await clock.advance(DAY_MS / 2 + MINUTE_MS);
    expect(restarted.issued(ID).map(({ serialNumber }) => serialNumber)).toEqual([second.serialNumber]);
    expect(restarted.findIssued(first.serialNumber)).toBeUndefined();
  });

  test('takes no more room than what has not ended', async () => {
    const { authority, clock, directory } = await openAuthority({ workloadLifetimeMs: MINUTE_MS });
    const file = join(directory, 'issued.jsonl');
    await Promise.all(Array.from({ length: 300 }, () => authority.issue(reviews)));
    const many = (await stat(file)).size;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await clock.advance(2 * MINUTE_MS);
    await authority.issue(reviews);
    await authority.sweep();
    expect((await stat(file)).size).toBeLessThan(many / 100);
    expect((await openAuthority({ directory, clock })).authority.issued()).toHaveLength(1);
  });

  test('loses a line that was being written when the machine stopped, and no other', async () => {
    const { authority, clock, directory } = await openAuthority();
    const file = join(directory, 'issued.jsonl');
    await authority.issue(reviews);
    await appendFile(file, '{"serialNumber":"ab');
    const restarted = (await openAuthority({ directory, clock })).authority;
    expect(restarted.issued()).toEqual(authority.issued());
    await restarted.issue(reviews);
    const again = (await openAuthority({ directory, clock })).authority;
    expect(again.issued()).toEqual(restarted.issued());
    expect(again.issued()).toHaveLength(2);
  });

  test('that cannot be read stops the start, and says what deleting it means', async () => {
    const { authority, directory } = await openAuthority();
    await authority.issue(reviews);
    const file = join(directory, 'issued.jsonl');
    await writeFile(file, `no line of ours\n${await readFile(file, 'utf8')}`);
    await expect(openAuthority({ directory })).rejects.toMatchObject({
      code: 'MW4002',
      details: { file, line: 1 },
      advice: expect.stringContaining('delete'),
    });
  });

  test('is issued all the same when it cannot be written down, and is written later', async () => {
    const { authority, clock, directory } = await openAuthority();
    const file = join(directory, 'issued.jsonl');
    await rm(file, { force: true });
    // A directory in its place: root writes everywhere else.
    await mkdir(file);
    const unwritten = await authority.issue(reviews);
    await rm(file, { recursive: true });
    const written = await authority.issue(reviews);
    const serials = (await openAuthority({ directory, clock })).authority
      .issued()
      .map(({ serialNumber }) => serialNumber);
    expect(serials).toEqual([unwritten.serialNumber, written.serialNumber]);
  });
});

describe('revocation (004-86)', () => {
  test('prints no list while nothing is revoked, then one for each intermediate, which Envoy can load', async () => {
    const { authority } = await openAuthority();
    const stolen = await authority.issue(reviews);
    await authority.issue(ratings);
    expect(authority.roots().crlPem).toBeUndefined();
    await authority.rotate('introduce');
    let told = 0;
    authority.onTrustChange(() => {
      told += 1;
    });
    await authority.revoke(authority.issued(ID));
    expect(told).toBe(0);
    await authority.publishRevocations();
    expect(told).toBe(1);
    expect(listed(authority)).toEqual([[stolen.serialNumber], []]);
    expect(areRevocationLists(authority.roots().crlPem ?? '')).toBe(true);
    expect(authority.isRevoked(stolen.serialNumber)).toBe(true);
    const before = authority.roots();
    await authority.publishRevocations();
    expect(authority.roots()).toBe(before);
  });

  test('is signed by who signed the certificate, under a name that a renewed intermediate shares', async () => {
    const { authority, clock } = await openAuthority({ workloadLifetimeMs: 30 * DAY_MS });
    await clock.advance(180 * DAY_MS);
    const early = await authority.issue(reviews);
    await clock.advance(4 * DAY_MS);
    const late = await authority.issue(reviews);
    await revokeAll(authority);
    expect(listed(authority)).toEqual([[late.serialNumber], [early.serialNumber]]);
    const pems = authority.roots().crlPem?.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? [];
    for (const [index, { certificateChainPem }] of [late, early].entries()) {
      const intermediate = new x509.X509Certificate(
        certificateChainPem.slice(certificateChainPem.indexOf('-----BEGIN', 1)),
      );
      expect(await new x509.X509Crl(pems[index] ?? '').verify({ publicKey: intermediate })).toBe(true);
    }
  });

  test('survives a restart, and ends with the certificates', async () => {
    const { authority, clock, directory } = await openAuthority();
    const stolen = await authority.issue(reviews);
    await authority.revoke(authority.issued(ID));
    // The daemon ends before it has told anybody.
    const restarted = (await openAuthority({ directory, clock })).authority;
    expect(listed(restarted)).toEqual([[stolen.serialNumber]]);
    expect((await stat(join(directory, 'revoked.json'))).mode & 0o777).toBe(0o600);
    await clock.advance(DAY_MS + MINUTE_MS);
    await restarted.sweep();
    expect(restarted.roots().crlPem).toBeUndefined();
    expect(JSON.parse(await readFile(join(directory, 'revoked.json'), 'utf8'))).toMatchObject({ certificates: [] });
  });

  test('sends the list of a renewed intermediate ahead of its first certificate', async () => {
    const { authority, clock } = await openAuthority({ workloadLifetimeMs: 30 * DAY_MS });
    await clock.advance(180 * DAY_MS);
    await authority.issue(reviews);
    await revokeAll(authority);
    await clock.advance(4 * DAY_MS);
    let issued: string | undefined;
    const issuing = authority.issue(ratings).then(({ certificateChainPem }) => {
      issued = readCertificates(certificateChainPem)[1]?.serialNumber;
    });
    for (let turn = 0; turn < 100 && listed(authority).length < 2; turn += 1)
      await new Promise((done) => setTimeout(done, 10));
    expect(listed(authority)).toHaveLength(2);
    expect(issued).toBeUndefined();
    await clock.advance(5_000);
    await issuing;
    expect(issued).toBeDefined();
  });

  test('for good refuses new certificates, over restarts, until the identity is readmitted', async () => {
    const { authority, clock, directory } = await openAuthority();
    await authority.shutOut(reviews);
    await expect(authority.issue(reviews)).rejects.toThrowError(/^MW4010/);
    await authority.issue(ratings);
    const restarted = (await openAuthority({ directory, clock })).authority;
    expect(restarted.out).toEqual([ID]);
    await expect(restarted.issue(reviews)).rejects.toThrowError(/^MW4010/);
    await restarted.readmit(reviews);
    expect((await restarted.issue(reviews)).notAfterMs).toBeGreaterThan(clock.nowMs());
  });

  test('that cannot be read stops the start instead of accepting everybody again', async () => {
    const { authority, directory } = await openAuthority();
    await authority.shutOut(reviews);
    const file = join(directory, 'revoked.json');
    await writeFile(file, '{');
    await chmod(file, 0o600);
    await expect(openAuthority({ directory })).rejects.toMatchObject({ code: 'MW4002', details: { file } });
  });
});
