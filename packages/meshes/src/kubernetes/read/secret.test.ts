import { expect, test } from 'vitest';
import { secret } from '../../testing/resources.ts';
import { kubernetesMesh } from '../index.ts';

const pem = (name: string) => `-----BEGIN ${name}-----\nAAAA\n-----END ${name}-----\n`;
const [chain, key, ca, crl] = [pem('CERTIFICATE'), pem('PRIVATE KEY'), pem('CERTIFICATE'), pem('X509 CRL')];
const read = (data: Readonly<Record<string, string>>) => kubernetesMesh.read(secret('a', data));

test('Secret keys of kubernetes.io/tls and of generic secrets are certificates', () => {
  const material = { certificateChainPem: chain, privateKeyPem: key, trustedCaPem: ca, crlPem: crl };
  const standard = read({ 'tls.crt': chain, 'tls.key': key, 'ca.crt': ca, 'ca.crl': crl });
  expect(standard?.items).toMatchObject([{ kind: 'secret', namespace: 'default', name: 'a', ...material }]);
  expect(read({ cert: chain, key, cacert: ca, crl })?.items).toMatchObject([material]);
});

test('a Secret without certificates is no item of the mesh, and nothing of it is said', () => {
  expect(read({ password: 'hunter2' })).toEqual({ items: [], residues: [] });
  expect(read({ 'tls.crt': 'hunter2' })).toEqual({ items: [], residues: [] });
});

test('Secret data that is no base64 or no text is not read', () => {
  const broken = { ...secret('a', {}), data: { 'tls.crt': '%%%', 'tls.key': '/w==', cert: 7 } };
  expect(kubernetesMesh.read(broken)).toEqual({ items: [], residues: [] });
});

test('Secret ca.crl that is no list is there, and not as if there were none', () => {
  expect(read({ 'ca.crt': ca, 'ca.crl': 'hunter2' })?.items).toMatchObject([{ crlPem: '' }]);
  expect(read({ 'ca.crt': ca })?.items[0]).not.toHaveProperty('crlPem');
});

test('Secret stringData wins over data', () => {
  const both = { ...secret('a', { 'tls.crt': chain }), stringData: { 'tls.crt': `${chain}more` } };
  expect(kubernetesMesh.read(both)?.items).toMatchObject([{ certificateChainPem: `${chain}more` }]);
});
