import 'reflect-metadata';
import { join } from 'node:path';
import { ManualClock } from '@meshwise/core';
import * as x509 from '@peculiar/x509';
import { describe, expect, test } from 'vitest';
import { CertificateAuthority } from './certificate-authority.ts';
import { ECDSA_P256, generateKeyPair } from './key-pair.ts';
import { readCertificates } from './read-certificates.ts';
import { temporaryDirectory } from './testing.ts';

async function certificateWith(names: readonly string[]): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=somebody',
    keys: await generateKeyPair(),
    signingAlgorithm: ECDSA_P256,
    extensions: [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'url', value })))],
  });
  return certificate.toString('pem');
}

describe('reading certificates', () => {
  test('tells whose chain it is and when it ends, the leaf first', async () => {
    const clock = new ManualClock(Date.UTC(2031, 0, 1));
    const directory = join(await temporaryDirectory(), 'ca');
    const authority = await CertificateAuthority.open({ directory, trustDomain: 'cluster.local', clock });
    const identity = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'details' };
    const issued = await authority.issue(identity);
    const [leaf, intermediate, ...others] = readCertificates(issued.certificateChainPem);
    expect(others).toEqual([]);
    expect(leaf).toEqual({
      spiffeId: 'spiffe://cluster.local/ns/default/sa/details',
      identity,
      subject: '',
      issuer: 'O=cluster.local, CN=Meshwise workload authority',
      serialNumber: issued.serialNumber,
      notBeforeMs: issued.notBeforeMs,
      notAfterMs: issued.notAfterMs,
      isAuthority: false,
    });
    expect(intermediate).toMatchObject({ spiffeId: 'spiffe://cluster.local', isAuthority: true });
    expect(intermediate).not.toHaveProperty('identity');
  });

  test('gives no identity to a certificate with two URI names (X509-SVID, 2)', async () => {
    const id = 'spiffe://cluster.local/ns/default/sa/details';
    expect(readCertificates(await certificateWith([id]))[0]).toHaveProperty('identity');
    const [summary] = readCertificates(await certificateWith([id, 'https://example.com']));
    expect(summary).not.toHaveProperty('spiffeId');
    expect(summary).not.toHaveProperty('identity');
  });

  test('shows SPIFFE ids of other forms as they are', async () => {
    const [summary] = readCertificates(await certificateWith(['spiffe://example.com/payments/mysql']));
    expect(summary).toMatchObject({ spiffeId: 'spiffe://example.com/payments/mysql' });
    expect(summary).not.toHaveProperty('identity');
  });

  test.each([
    ['nothing', ''],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n'],
    ['rubbish between the lines', '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'],
    ['text', 'hello'],
  ])('refuses %s', (_what, pem) => {
    expect(() => readCertificates(pem)).toThrowError(/^MW4007/);
  });
});
