import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateView, IdentityView, RotationView } from '@meshwise/api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bench } from '../testing/run-cli.ts';

const ID = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews';
const certificate = (serialNumber: string, change: Partial<CertificateView> = {}): CertificateView => ({
  serialNumber,
  notBefore: '2026-01-02T11:00:00.000Z',
  notAfter: '2026-01-03T11:00:00.000Z',
  root: 'ab'.repeat(16),
  use: 'proxy',
  revoked: false,
  ...change,
});
const identity = (change: Partial<IdentityView> = {}): IdentityView => ({
  spiffeId: ID,
  current: certificate('c2'),
  workloads: ['default/reviews-v1', 'default/reviews-v2'],
  out: false,
  certificates: [certificate('c2'), certificate('c1', { revoked: true })],
  ...change,
});
const list = (items: readonly IdentityView[], phase: RotationView['phase'] = 'stable') => ({
  body: { trustDomain: 'cluster.local', workloadLifetimeMs: 86_400_000, phase, items },
});
const rotation = (change: Partial<RotationView> = {}): RotationView => ({
  phase: 'introduced',
  next: 'switch',
  roots: [
    {
      ...{ id: 'ab'.repeat(16), role: 'signing' as const, subject: 'O=cluster.local, CN=Meshwise root' },
      ...{ notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2036-01-01T00:00:00.000Z', identities: 4 },
    },
  ],
  waitingFor: [],
  unreachable: [],
  ...change,
});
const waiting = [{ proxy: 'default/reviews-v1-0', reason: 'has not acknowledged its secrets yet' }];

describe('meshwise identity list', () => {
  test('shows each identity with its certificate, who uses it and what is revoked', async () => {
    const items = [
      identity(),
      identity({ spiffeId: `${ID}-2`, current: null, workloads: [], out: true, certificates: [] }),
    ];
    const { meshwise } = await bench({ handlers: { identities: () => list(items, 'switched') } });
    const { code, stdout, stderr } = await meshwise('identity list');
    expect(code).toBe(0);
    const [, first, second] = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(first).toEqual([
      ...[ID, 'c2', '2026-01-02T11:00:00.000Z', '2026-01-03T11:00:00.000Z', 'abababababab'],
      ...['default/reviews-v1, default/reviews-v2', '1 of 2'],
    ]);
    expect(second).toEqual([`${ID}-2`, '-', '-', '-', '-', '-', 'for good']);
    expect(stderr).toContain('live 24h');
    expect(stderr).toContain('being exchanged');
  });
});

describe('meshwise identity show', () => {
  test('prints text and PEM of the chain, and every certificate that has not ended', async () => {
    const facts = { issuer: 'CN=authority', notBefore: 'b', notAfter: 'a' };
    const body = {
      identity: identity(),
      certificateChainPem: '-----BEGIN CERTIFICATE-----\n',
      chain: [
        { ...facts, subject: '', serialNumber: 'c2', spiffeId: ID, isAuthority: false },
        { ...facts, subject: 'CN=authority', serialNumber: '01', spiffeId: null, isAuthority: true },
      ],
      rootCertPem: '',
    };
    const { meshwise, server } = await bench({ handlers: { identity: () => ({ body }) } });
    const { stdout } = await meshwise('identity show deploy/reviews-v1 -n default');
    expect(server?.calls[0]?.input).toEqual({ target: 'deploy/reviews-v1', namespace: 'default' });
    expect(stdout).toContain(`URI:${ID}`);
    expect(stdout).toMatch(/^c1 .* proxy +yes$/m);
    expect(stdout).toMatch(/^c2 .* proxy, now +-$/m);
    expect(stdout).toContain('BEGIN CERTIFICATE');
  });
});

describe('meshwise identity revoke', () => {
  test('says what was revoked, what follows, and what happens to open connections', async () => {
    const body = { identity: identity(), revoked: ['c1'], waitingFor: [] };
    const { meshwise, server } = await bench({ handlers: { identityRevoke: () => ({ body }) } });
    const { code, stdout, stderr } = await meshwise(`identity revoke ${ID}`);
    expect([code, stdout]).toEqual([0, `${ID}: 1 certificates revoked, now c2\n  c1\n`]);
    expect(stderr).toContain('Those that are open stay');
    await meshwise('identity revoke c1 --forever');
    expect(server?.calls.map(({ input }) => input)).toEqual([{ target: ID }, { target: 'c1', forever: true }]);
  });

  test('is answered with 1 while a proxy may still accept them', async () => {
    const body = { identity: identity(), revoked: ['c1'], waitingFor: waiting };
    const { meshwise } = await bench({ handlers: { identityRevoke: () => ({ body }) } });
    const { code, stderr } = await meshwise('identity revoke c1');
    expect(code).toBe(1);
    expect(stderr).toContain('default/reviews-v1-0 has not acknowledged');
  });
});

describe('meshwise identity readmit', () => {
  test('names who has certificates again', async () => {
    const { meshwise } = await bench({ handlers: { identityReadmit: () => ({ body: identity() }) } });
    expect(await meshwise(`identity readmit ${ID}`)).toMatchObject({ code: 0, stdout: `${ID} gets certificates\n` });
  });
});

describe('meshwise identity export (004-84)', () => {
  const body = {
    ...{ spiffeId: ID, serialNumber: 'c3', notAfter: '2026-01-03T11:00:00.000Z' },
    ...{ certificateChainPem: 'a chain', privateKeyPem: 'a key', rootCertPem: 'roots' },
  };
  const setUp = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'export-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    return { directory, ...(await bench({ handlers: { identityExport: () => ({ body }) } })) };
  };

  test('writes the files of Istio’s /etc/certs, the key for its owner alone', async () => {
    const { directory, meshwise } = await setUp();
    const to = join(directory, 'certs');
    const { code, stdout, stderr } = await meshwise(`identity export deploy/reviews-v1 --to ${to}`);
    expect(code).toBe(0);
    const read = (name: string) => readFile(join(to, name), 'utf8');
    expect([await read('cert-chain.pem'), await read('key.pem'), await read('root-cert.pem')]).toEqual([
      'a chain',
      'a key',
      'roots',
    ]);
    expect((await stat(join(to, 'key.pem'))).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain('a key');
    expect(stderr).toContain('meshwise identity revoke c3');
  });

  test('leaves files that are there, and asks for no certificate then (MW7002); --force replaces them', async () => {
    const { directory, meshwise, server } = await setUp();
    const key = join(directory, 'key.pem');
    await writeFile(key, 'mine', { mode: 0o644 });
    const refused = await meshwise(`identity export deploy/reviews-v1 --to ${directory}`);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('MW7002');
    expect([await readFile(key, 'utf8'), server?.calls]).toEqual(['mine', []]);
    expect((await meshwise(`identity export deploy/reviews-v1 --to ${directory} --force`)).code).toBe(0);
    expect([await readFile(key, 'utf8'), (await stat(key)).mode & 0o777]).toEqual(['a key', 0o600]);
  });
});

describe('meshwise identity rotate-root', () => {
  test('takes a step and waits until every proxy has taken it', async () => {
    let asked = 0;
    const { meshwise, server } = await bench({
      handlers: {
        identityRotate: () => ({ body: rotation({ waitingFor: waiting }) }),
        identityRotation: () => {
          asked += 1;
          return { body: rotation({ waitingFor: asked < 2 ? waiting : [] }) };
        },
      },
    });
    const { code, stdout } = await meshwise('identity rotate-root introduce');
    expect([code, asked]).toEqual([0, 2]);
    expect(stdout).toContain('Phase: introduced. The next step is switch.');
    expect(server?.calls[0]).toEqual({ operation: 'identityRotate', input: { step: 'introduce' } });
  });

  test('ends with 1 when a proxy is not there in time, and names it', async () => {
    const body = rotation({ waitingFor: waiting, unreachable: ['shop/vm'] });
    const { meshwise } = await bench({
      handlers: { identityRotate: () => ({ body }), identityRotation: () => ({ body }) },
    });
    const late = await meshwise('identity rotate-root switch --timeout 1 --force');
    expect(late.code).toBe(1);
    expect(late.stderr).toContain('Waiting: default/reviews-v1-0 has not acknowledged');
    expect(late.stderr).toContain('shop/vm');
    expect((await meshwise('identity rotate-root switch --no-wait')).code).toBe(0);
    expect((await meshwise('identity rotate-root status')).code).toBe(0);
  });

  test('ends with 1 when the step is refused', async () => {
    const error = { code: 'MW4009', message: 'a proxy is not ready', advice: 'wait', details: {} };
    const { meshwise } = await bench({ handlers: { identityRotate: () => ({ status: 409, error }) } });
    expect((await meshwise('identity rotate-root retire')).code).toBe(1);
  });
});
