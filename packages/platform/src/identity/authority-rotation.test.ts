import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RotationStep } from './authority-roots.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { readCertificates } from './read-certificates.ts';
import { NOW_MS, openAuthority, opensslVerify, reviews, temporaryDirectory } from './testing.ts';

const DAY_MS = 24 * 3_600_000;
const STEPS: readonly RotationStep[] = ['introduce', 'switch', 'retire'];

async function verdict(authority: CertificateAuthority, chainPem: string): Promise<'trusted' | 'not trusted'> {
  const said = await opensslVerify(chainPem, authority.roots().caPem, NOW_MS, 'sslclient');
  return said === 'OK' ? 'trusted' : 'not trusted';
}

const roles = (authority: CertificateAuthority) => authority.trustedRoots().map(({ role }) => role);

describe('the exchange of a root (000-6, 004-87)', () => {
  test('trusts both, signs by the new one, and then trusts the new one alone', async () => {
    const { authority } = await openAuthority();
    const old = await authority.issue(reviews);

    await authority.rotate('introduce');
    expect(roles(authority)).toEqual(['signing', 'introduced']);
    const between = await authority.issue(reviews);
    expect(between.root).toBe(old.root);

    await authority.rotate('switch');
    expect(roles(authority)).toEqual(['signing', 'former']);
    const fresh = await authority.issue(reviews);
    expect(fresh.root).not.toBe(old.root);
    for (const { certificateChainPem } of [old, between, fresh]) {
      expect(await verdict(authority, certificateChainPem)).toBe('trusted');
    }

    await authority.rotate('retire');
    expect(roles(authority)).toEqual(['signing']);
    expect(authority.signingRoot).toBe(fresh.root);
    expect(await verdict(authority, fresh.certificateChainPem)).toBe('trusted');
    expect(await verdict(authority, old.certificateChainPem)).toBe('not trusted');
  });

  test('changes nothing when a step is repeated, and refuses steps in another order (MW4008)', async () => {
    const { authority } = await openAuthority();
    await expect(authority.rotate('switch')).rejects.toThrowError(/^MW4008/);
    await authority.rotate('retire');
    expect(authority.phase).toBe('stable');
    for (const [step, others] of [
      ['introduce', ['retire']],
      ['switch', ['introduce']],
      ['retire', []],
    ] as const) {
      await authority.rotate(step);
      const after = authority.trustedRoots();
      await authority.rotate(step);
      expect(authority.trustedRoots()).toEqual(after);
      for (const other of others) await expect(authority.rotate(other)).rejects.toThrowError(/^MW4008/);
      expect(authority.trustedRoots()).toEqual(after);
    }
  });

  test('can be done again and again, and leaves the files of one root', async () => {
    const { authority, directory, clock } = await openAuthority();
    for (let round = 0; round < 3; round += 1) for (const step of STEPS) await authority.rotate(step);
    expect((await readdir(directory)).sort()).toEqual(['intermediate-4.pem', 'root-4.pem', 'rotation.json']);
    const { certificateChainPem } = await authority.issue(reviews);
    expect(readCertificates(certificateChainPem)[1]?.issuer).toContain('CN=Meshwise root 4');
    const restarted = await openAuthority({ directory, clock });
    expect(restarted.authority.signingRoot).toBe(authority.signingRoot);
  });

  test('survives a restart after every step, and its files are private', async () => {
    const { authority, directory, clock } = await openAuthority();
    let current = authority;
    for (const step of STEPS) {
      await current.rotate(step);
      const before = current;
      current = (await openAuthority({ directory, clock })).authority;
      expect([current.phase, current.trustedRoots()]).toEqual([before.phase, before.trustedRoots()]);
      expect(current.roots().caPem).toBe(before.roots().caPem);
      for (const file of await readdir(directory)) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    }
  });

  test('leaves a usable authority wherever a crash cuts a step off, and the step can be taken again', async () => {
    const { authority, directory, clock } = await openAuthority();
    await authority.issue(reviews);
    for (const step of STEPS) {
      const before = await snapshot(directory);
      const phase = authority.phase;
      await authority.rotate(step);
      const after = await snapshot(directory);
      const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
        (name) => before.get(name) !== after.get(name),
      );
      // In the order in which a step writes: certificates, then the state, then what is not needed any more.
      const order = ['root-2.pem', 'intermediate-2.pem', 'rotation.json', 'intermediate.pem', 'root.pem'];
      const writes = order.filter((name) => changed.includes(name));
      expect(changed.sort()).toEqual([...writes].sort());
      for (let count = 0; count < writes.length; count += 1) {
        const cut = join(await temporaryDirectory(), 'ca');
        await cp(directory, cut, { recursive: true });
        for (const name of writes.slice(count)) await restore(cut, name, before.get(name));
        const { authority: survivor } = await openAuthority({ directory: cut, clock });
        const done = writes.slice(0, count).includes('rotation.json');
        expect(survivor.phase).toBe(done ? authority.phase : phase);
        const { certificateChainPem } = await survivor.issue(reviews);
        expect(await verdict(survivor, certificateChainPem)).toBe('trusted');
        await survivor.rotate(step);
        expect(survivor.phase).toBe(authority.phase);
        expect([...(await snapshot(cut)).keys()].sort()).toEqual([...(await snapshot(directory)).keys()].sort());
      }
    }
  });

  test('destroys at the next start the old keys that a crash has left', async () => {
    const { authority, directory, clock } = await openAuthority();
    const old = await snapshot(directory);
    for (const step of STEPS) await authority.rotate(step);
    for (const [name, content] of old) await restore(directory, name, content);
    await openAuthority({ directory, clock });
    expect((await readdir(directory)).sort()).toEqual(['intermediate-2.pem', 'root-2.pem', 'rotation.json']);
  });

  test('keeps an intermediate that was renewed, until its last certificate has ended', async () => {
    const { authority, directory, clock } = await openAuthority({ workloadLifetimeMs: 30 * DAY_MS });
    const former = async () => (await readdir(directory)).filter((name) => name.startsWith('former-1-'));
    await clock.advance(180 * DAY_MS);
    await authority.issue(reviews);
    await clock.advance(4 * DAY_MS);
    await authority.issue(reviews);
    const [file, ...others] = await former();
    expect([file, others]).toEqual([expect.any(String), []]);
    // A crash between keeping it and replacing it: it is there twice.
    await cp(join(directory, 'intermediate.pem'), join(directory, 'former-1-00.pem'));
    const restarted = (await openAuthority({ directory, clock })).authority;
    await restarted.revoke(restarted.issued());
    await restarted.publishRevocations();
    expect(restarted.roots().crlPem?.match(/BEGIN X509 CRL/g)).toHaveLength(2);
    await clock.advance(27 * DAY_MS);
    await restarted.sweep();
    expect(await former()).toEqual(['former-1-00.pem']);
  });

  test('is refused, and nothing is made anew, when a root that is to be trusted is missing', async () => {
    const { authority, directory } = await openAuthority();
    await authority.rotate('introduce');
    await rm(join(directory, 'root-2.pem'));
    await expect(openAuthority({ directory })).rejects.toThrowError(/^MW4002.*root-2\.pem.*root is missing/);
    await writeFile(join(directory, 'rotation.json'), '{"signing":0}');
    await expect(openAuthority({ directory })).rejects.toThrowError(/^MW4002.*rotation\.json/);
  });

  test('is refused, and no first root is made anew, when its state is lost', async () => {
    const { authority, directory } = await openAuthority();
    for (const step of STEPS) await authority.rotate(step);
    await rm(join(directory, 'rotation.json'));
    await expect(openAuthority({ directory })).rejects.toThrowError(/^MW4002.*root\.pem.*root is missing/);
    expect((await readdir(directory)).sort()).toEqual(['intermediate-2.pem', 'root-2.pem']);
  });

  test('makes a new key, whatever an attempt that was cut off has left: that may have been stolen since', async () => {
    const { authority, directory, clock } = await openAuthority();
    await authority.rotate('introduce');
    const [, left] = authority.trustedRoots();
    await rm(join(directory, 'rotation.json'));
    const survivor = (await openAuthority({ directory, clock })).authority;
    expect(survivor.phase).toBe('stable');
    await survivor.rotate('introduce');
    const [, introduced] = survivor.trustedRoots();
    expect([introduced?.role, introduced?.id === left?.id]).toEqual(['introduced', false]);
  });
});

async function snapshot(directory: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(directory);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)),
  );
}

async function restore(directory: string, name: string, content: string | undefined): Promise<void> {
  if (content === undefined) await rm(join(directory, name), { force: true });
  else await writeFile(join(directory, name), content, { mode: 0o600 });
}
