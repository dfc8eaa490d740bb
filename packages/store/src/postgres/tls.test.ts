import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openResultStore } from '../open.ts';
import { findPostgres, startPostgres, type TestPostgres } from '../testing/postgres.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe.skipIf(findPostgres() === undefined)('TLS to a database, with the Debian package `postgresql`', () => {
  const directory = mkdtempSync(join(tmpdir(), 'meshwise-tls-'));
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  let postgres: TestPostgres;
  let port: number;
  beforeAll(async () => {
    const request = ['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '1'];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    port = await freePort();
    postgres = await startPostgres({
      settings: ['listen_addresses=127.0.0.1', `port=${port}`, 'ssl=on'],
      files: { 'server.key': readFileSync(key, 'utf8'), 'server.crt': readFileSync(certificate, 'utf8') },
      accessRules: ['hostssl all all 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 reject'],
    });
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true });
    await postgres?.stop();
  });

  const open = async (host: string, parameters: string) => {
    const url = `postgres://tester@${host}:${port}/postgres?${parameters}`;
    const store = await openResultStore({ url, directory: '/nowhere', logger: silentLogger, clock: systemClock });
    await store.close();
    return 'open';
  };
  const refusal = (reason: string) => ({ code: 'MW8102', message: expect.stringContaining(reason) });

  it('is used when the URL asks for it, and not otherwise', async () => {
    expect(await open('127.0.0.1', 'sslmode=require')).toBe('open');
    await expect(open('127.0.0.1', 'sslmode=disable')).rejects.toMatchObject(refusal('the user may not log in'));
    await expect(open('127.0.0.1', '')).rejects.toMatchObject(refusal('the user may not log in'));
  });

  it('asks who the server is as far as the URL says', async () => {
    const root = `sslrootcert=${encodeURIComponent(certificate)}`;
    const refused = (host: string, parameters: string, reason: string) =>
      expect(open(host, parameters), parameters).rejects.toMatchObject(refusal(reason));
    expect(await open('localhost', `sslmode=verify-full&${root}`)).toBe('open');
    expect(await open('127.0.0.1', `sslmode=verify-ca&${root}`)).toBe('open');
    await refused('127.0.0.1', `sslmode=verify-full&${root}`, 'its certificate is for another name');
    await refused('localhost', 'sslmode=verify-full', 'its certificate is not trusted');
  });
});
