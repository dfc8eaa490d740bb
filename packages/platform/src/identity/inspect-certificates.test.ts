import 'reflect-metadata';
import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificateInspector } from './inspect-certificates.ts';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = (modulusLength: number) => ({
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
});

async function pair(algorithm: object) {
  const keys = (await crypto.subtle.generateKey(algorithm as typeof EC, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=a', keys });
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { chain: certificate.toString('pem'), key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') };
}

let good: Awaited<ReturnType<typeof pair>>;
let directory: string;
beforeAll(async () => {
  good = await pair(EC);
  directory = await mkdtemp(join(tmpdir(), 'meshwise-certificates-'));
  await writeFile(join(directory, 'chain'), good.chain);
  await writeFile(join(directory, 'key'), good.key);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('pairs that Envoy takes have no remark', async () => {
  expect(certificateInspector.keyPair(good.chain, good.key)).toBeUndefined();
  expect(certificateInspector.keyPair(`${good.chain}\n${good.chain}`, good.key)).toBeUndefined();
  const large = await pair(rsa(2048));
  expect(certificateInspector.keyPair(large.chain, large.key)).toBeUndefined();
});

test('what Envoy would refuse is said without quoting it', async () => {
  const other = await pair(EC);
  const small = await pair(rsa(1024));
  const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const remarks = [
    certificateInspector.keyPair(good.chain, other.key),
    certificateInspector.keyPair('nothing', good.key),
    certificateInspector.keyPair(
      `${good.chain}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
      good.key,
    ),
    certificateInspector.keyPair(good.chain, 'nothing'),
    certificateInspector.keyPair(small.chain, small.key),
    certificateInspector.keyPair(good.chain, ed25519),
  ];
  expect(remarks).toEqual([
    'its key does not belong to its certificate',
    'its certificate cannot be read',
    'its certificate cannot be read',
    'its key cannot be read',
    'its key has 1024 bits, and 2048 are needed',
    'its key does not belong to its certificate',
  ]);
});

test('authorities are certificates, at least one', () => {
  expect(certificateInspector.authorities(good.chain)).toBeUndefined();
  expect(certificateInspector.authorities(good.key)).toBe('its authorities cannot be read');
});

test('revocation lists are those that Envoy can read, at least one and nothing else', async () => {
  const keys = (await crypto.subtle.generateKey(EC, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const revoking = async (entry: object) => {
    const entries = [{ serialNumber: '01', ...entry }];
    const signed = { signingKey: keys.privateKey, signingAlgorithm: EC };
    return x509.X509CrlGenerator.create({ issuer: 'CN=a', entries, ...signed });
  };
  const list = await revoking({ reason: x509.X509CrlReason.keyCompromise });
  const pem = x509.PemConverter.encode(list.rawData, 'X509 CRL');
  // The library writes an empty list of extensions then, which RFC 5280 does not allow.
  const emptyExtensions = x509.PemConverter.encode((await revoking({})).rawData, 'X509 CRL');
  const path = join(directory, 'crl');
  await writeFile(path, pem);
  expect(certificateInspector.revocations(pem)).toBeUndefined();
  expect(certificateInspector.revocations(`${pem}\n${pem}`)).toBeUndefined();
  expect(certificateInspector.files({ kind: 'files', crl: path })).toBeUndefined();

  const remark = 'its revocation lists cannot be read';
  const der = new Uint8Array(list.rawData);
  const damaged = x509.PemConverter.encode(der.slice(0, der.length - 9).buffer, 'X509 CRL');
  for (const text of [
    '',
    good.chain,
    damaged,
    `${pem}\n${damaged}`,
    `${pem}\n${good.chain}`,
    `${pem}-----BEGIN X509 CRL`,
    emptyExtensions,
  ]) {
    expect(certificateInspector.revocations(text)).toBe(remark);
  }
  await writeFile(path, damaged);
  expect(certificateInspector.files({ kind: 'files', crl: path })).toBe(remark);
});

test('files are read before a proxy is told to read them', () => {
  const [chain, key] = [join(directory, 'chain'), join(directory, 'key')];
  const files = (changes: object) =>
    certificateInspector.files({ kind: 'files', certificateChain: chain, privateKey: key, ...changes });
  expect(files({})).toBeUndefined();
  expect(files({ caCertificates: chain })).toBeUndefined();
  expect(files({ privateKey: '/dev/zero' })).toBe('/dev/zero cannot be read');
  expect(files({ privateKey: join(directory, 'gone') })).toBe(`${join(directory, 'gone')} cannot be read`);
  expect(files({ caCertificates: key })).toBe('its authorities cannot be read');
  expect(files({ privateKey: chain })).toBe('its key cannot be read');
});
