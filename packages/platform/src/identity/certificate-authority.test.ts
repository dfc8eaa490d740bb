import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { type Clock, ManualClock, systemClock } from '@meshwise/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CertificateAuthority, type CertificateAuthorityOptions } from './certificate-authority.ts';
import { readCertificates } from './read-certificates.ts';
import { opensslText, opensslVerify, temporaryDirectory } from './testing.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.UTC(2031, 4, 6, 7, 8, 9);
const reviews = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'bookinfo-reviews' };

async function open<C extends Clock = ManualClock>(options: Partial<CertificateAuthorityOptions> & { clock?: C } = {}) {
  const directory = options.directory ?? join(await temporaryDirectory(), 'ca');
  const clock = (options.clock ?? new ManualClock(NOW_MS)) as C;
  const authority = await CertificateAuthority.open({ trustDomain: 'cluster.local', ...options, directory, clock });
  return { authority, clock, directory };
}

function summaryOf(pem: string, index: number) {
  const summary = readCertificates(pem)[index];
  if (summary === undefined) throw new Error(`no certificate ${index}`);
  return summary;
}

describe('a workload certificate (004-84, 004-120)', () => {
  test('verifies with OpenSSL, strictly, as client and as server', async () => {
    const { authority } = await open();
    const { certificateChainPem } = await authority.issue(reviews);
    const { caPem } = authority.roots();
    expect(await opensslVerify(certificateChainPem, caPem, NOW_MS, 'sslclient')).toBe('OK');
    expect(await opensslVerify(certificateChainPem, caPem, NOW_MS, 'sslserver')).toBe('OK');
  });

  test('does not verify outside its time', async () => {
    const { authority } = await open();
    const { certificateChainPem, notAfterMs } = await authority.issue(reviews);
    const { caPem } = authority.roots();
    expect(await opensslVerify(certificateChainPem, caPem, notAfterMs + 1000, 'sslclient')).toContain('expired');
    expect(await opensslVerify(certificateChainPem, caPem, NOW_MS - 61_000, 'sslclient')).toContain('not yet valid');
  });

  test('does not verify under the root of another mesh, even one of the same trust domain (004-113)', async () => {
    const one = await open();
    const other = await open();
    const { certificateChainPem } = await one.authority.issue(reviews);
    const said = await opensslVerify(certificateChainPem, other.authority.roots().caPem, NOW_MS, 'sslclient');
    expect(said).toContain('verification failed');
  });

  test('has no subject, one critical URI name, and the rights X509-SVID allows and no more', async () => {
    const { authority } = await open();
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
    const { authority } = await open();
    const issued = await authority.issue(reviews);
    expect(issued.notBeforeMs).toBe(NOW_MS - 60_000);
    expect(issued.notAfterMs).toBe(NOW_MS + DAY_MS);
    const short = await open({ workloadLifetimeMs: HOUR_MS });
    expect((await short.authority.issue(reviews)).notAfterMs).toBe(NOW_MS + HOUR_MS);
  });

  test('comes with its own private key, which is new each time', async () => {
    const { authority } = await open();
    const [one, two] = [await authority.issue(reviews), await authority.issue(reviews)];
    expect(one.privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+\n-----END PRIVATE KEY-----\n$/);
    expect(one.privateKeyPem).not.toBe(two.privateKeyPem);
    expect(one.serialNumber).not.toBe(two.serialNumber);
  });

  test('is refused for another trust domain and for a name that is none', async () => {
    const { authority } = await open();
    await expect(authority.issue({ ...reviews, trustDomain: 'other.example' })).rejects.toThrowError(/^MW4004/);
    await expect(authority.issue({ ...reviews, namespace: '../admin' })).rejects.toThrowError(/^MW4001/);
  });

  test.each([0, 59_999, 181 * DAY_MS, Number.NaN])('cannot be made to live %d ms', async (workloadLifetimeMs) => {
    await expect(open({ workloadLifetimeMs })).rejects.toThrowError(/^MW1004: workloadLifetimeMs/);
  });
});

describe('signing certificates', () => {
  test('carry the trust domain as their SPIFFE id and may sign only', async () => {
    const { authority } = await open();
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
    const { authority, clock, directory } = await open();
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

    const restarted = await open({ directory, clock });
    expect(intermediateOf(await restarted.authority.issue(reviews))).toBe(intermediateOf(late));
  });

  test('never outlive the root, and after its end nothing is issued', async () => {
    const { authority, clock } = await open();
    const rootEndMs = summaryOf(authority.roots().caPem, 0).notAfterMs;
    await clock.advance(rootEndMs - NOW_MS - HOUR_MS);
    const last = await authority.issue(reviews);
    expect(last.notAfterMs).toBe(rootEndMs);
    expect(summaryOf(last.certificateChainPem, 1).notAfterMs).toBe(rootEndMs);
    await clock.advance(HOUR_MS);
    await expect(authority.issue(reviews)).rejects.toThrowError(/^MW4005/);
  });

  test('stay in use when the renewal cannot be written', async () => {
    const { authority, clock, directory } = await open();
    const before = await authority.issue(reviews);
    await clock.advance(200 * DAY_MS);
    await rm(directory, { recursive: true });
    await writeFile(directory, 'a file where the directory was');
    const after = await authority.issue(reviews);
    expect(summaryOf(after.certificateChainPem, 1)).toEqual(summaryOf(before.certificateChainPem, 1));
  });
});

describe('the directory of an authority', () => {
  test('is private, and so is every file in it', async () => {
    const { directory } = await open();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const files = await readdir(directory);
    expect(files.sort()).toEqual(['intermediate.pem', 'root.pem']);
    for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
  });

  test('is taken over after a restart, byte for byte', async () => {
    const first = await open();
    const contents = () =>
      Promise.all(['root.pem', 'intermediate.pem'].map((file) => readFile(join(first.directory, file), 'utf8')));
    const before = await contents();
    const second = await open({ directory: first.directory });
    expect(await contents()).toEqual(before);
    const { certificateChainPem } = await second.authority.issue(reviews);
    expect(await opensslVerify(certificateChainPem, first.authority.roots().caPem, NOW_MS, 'sslclient')).toBe('OK');
  });

  test('gets one root when several processes start at once', async () => {
    const directory = join(await temporaryDirectory(), 'ca');
    const opened = await Promise.all(Array.from({ length: 8 }, () => open({ directory })));
    const roots = new Set(opened.map(({ authority }) => authority.roots().caPem));
    expect(roots.size).toBe(1);
    expect((await readdir(directory)).sort()).toEqual(['intermediate.pem', 'root.pem']);
  });

  test.each(['root.pem', 'intermediate.pem'])('is refused and left as it is when %s is damaged', async (file) => {
    const { directory } = await open();
    const path = join(directory, file);
    const good = await readFile(path, 'utf8');
    const inSignature = good.indexOf('-----END CERTIFICATE') - 20;
    const flipped = good.slice(0, inSignature) + (good[inSignature] === 'A' ? 'B' : 'A') + good.slice(inSignature + 1);
    for (const damaged of ['', good.slice(0, good.length / 2), 'no PEM at all', flipped]) {
      await writeFile(path, damaged);
      await expect(open({ directory })).rejects.toMatchObject({ code: 'MW4002', details: { file: path } });
      expect(await readFile(path, 'utf8')).toBe(damaged);
    }
  });

  test('is refused when a key does not belong to its certificate', async () => {
    const [one, other] = [await open(), await open()];
    const path = join(one.directory, 'root.pem');
    const mine = await readFile(path, 'utf8');
    const foreign = await readFile(join(other.directory, 'root.pem'), 'utf8');
    const keyAt = (pem: string) => pem.indexOf('-----BEGIN PRIVATE KEY');
    await writeFile(path, mine.slice(0, keyAt(mine)) + foreign.slice(keyAt(foreign)));
    await expect(open({ directory: one.directory })).rejects.toThrowError(/^MW4002.*does not belong/);
  });

  test('is refused when the intermediate is of another root, and says what to delete', async () => {
    const [one, other] = [await open(), await open()];
    const path = join(one.directory, 'intermediate.pem');
    await writeFile(path, await readFile(join(other.directory, 'intermediate.pem'), 'utf8'));
    await expect(open({ directory: one.directory })).rejects.toMatchObject({
      code: 'MW4002',
      advice: expect.stringContaining('delete intermediate.pem'),
    });
    await rm(path);
    const repaired = await open({ directory: one.directory });
    expect(repaired.authority.roots()).toEqual(one.authority.roots());
  });

  test('is refused when the root is gone and its intermediate is not', async () => {
    const { directory } = await open();
    await rm(join(directory, 'root.pem'));
    await expect(open({ directory })).rejects.toThrowError(/^MW4002.*root is missing/);
    expect(await readdir(directory)).toEqual(['intermediate.pem']);
  });

  test('is refused when others may read a key', async () => {
    const { directory } = await open();
    await chmod(join(directory, 'root.pem'), 0o640);
    await expect(open({ directory })).rejects.toThrowError(/^MW4003.*found mode 640, expected mode 600/);
  });

  test('is refused for another trust domain', async () => {
    const { directory } = await open();
    await expect(open({ directory, trustDomain: 'other.example' })).rejects.toThrowError(
      /^MW4004.*found spiffe:\/\/cluster\.local, expected spiffe:\/\/other\.example/,
    );
  });

  test('is refused while the clock stands before its root, and not for a clock corrected by hours', async () => {
    const { directory } = await open();
    await expect(open({ directory, clock: new ManualClock(NOW_MS - 2 * DAY_MS) })).rejects.toThrowError(/^MW4005/);
    await open({ directory, clock: new ManualClock(NOW_MS - 5 * HOUR_MS) });
  });

  test('that cannot be written is an error that names the file', async () => {
    const directory = join(await temporaryDirectory(), 'file');
    await writeFile(directory, '');
    await expect(open({ directory })).rejects.toMatchObject({
      code: 'MW4006',
      details: { file: join(directory, 'root.pem') },
    });
  });
});

describe('two workloads', () => {
  test('shake hands with mutual TLS and see who the other is; one of another mesh gets nowhere (000-35, 004-120)', async () => {
    const { authority } = await open({ clock: systemClock });
    const stranger = await open({ clock: systemClock });
    const admitted: string[] = [];
    const server = createServer(
      { ...(await endpoint(authority, 'reviews')), requestCert: true, rejectUnauthorized: true },
      (socket) => {
        admitted.push(namesOf(socket));
        socket.end(namesOf(socket));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;

    const call = (from: Awaited<ReturnType<typeof endpoint>>, ca: string) =>
      new Promise<{ server: string; client: string }>((resolve, reject) => {
        const options = { ...from, ca, host: '127.0.0.1', port, checkServerIdentity: () => undefined };
        let client = '';
        const socket = connect(options);
        socket.on('data', (chunk) => {
          client += String(chunk);
        });
        const served = new Promise<string>((known) => socket.on('secureConnect', () => known(namesOf(socket))));
        socket.on('end', async () => resolve({ server: await served, client }));
        socket.on('error', reject);
      });

    const productpage = await endpoint(authority, 'productpage');
    expect(await call(productpage, authority.roots().caPem)).toEqual({
      server: 'URI:spiffe://cluster.local/ns/default/sa/reviews',
      client: 'URI:spiffe://cluster.local/ns/default/sa/productpage',
    });
    // With TLS 1.3 the client has finished its part before the server refuses, so the server is asked.
    expect(admitted).toHaveLength(1);
    const intruder = await endpoint(stranger.authority, 'productpage');
    await call(intruder, authority.roots().caPem).catch(() => undefined);
    expect(admitted).toHaveLength(1);
    await expect(call(productpage, stranger.authority.roots().caPem)).rejects.toThrowError(/certificate/);
  });
});

async function endpoint(authority: CertificateAuthority, serviceAccount: string) {
  const issued = await authority.issue({ trustDomain: 'cluster.local', namespace: 'default', serviceAccount });
  return { cert: issued.certificateChainPem, key: issued.privateKeyPem, ca: authority.roots().caPem };
}

function namesOf(socket: TLSSocket): string {
  return socket.getPeerCertificate().subjectaltname ?? 'nobody';
}
