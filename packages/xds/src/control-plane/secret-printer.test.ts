import type { Identity } from '@meshwise/model';
import { expect, test } from 'vitest';
import type { CertificateValidationContext } from '../../gen/envoy/extensions/transport_sockets/tls/v3/common_pb.js';
import type { Secret } from '../../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { SecretPrinter } from './secret-printer.ts';
import type { SecretSource } from './secret-source.ts';

const identity: Identity = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'a' };

/** Roots that can be exchanged, and how often they were asked for: an authority encodes them anew each time. */
function source() {
  const state: { caPem: string; crlPem?: string; asked: number } = { caPem: 'first', asked: 0 };
  const secrets: SecretSource = {
    want: () => {},
    release: () => {},
    get: () => undefined,
    roots: () => {
      state.asked += 1;
      return { caPem: state.caPem, ...(state.crlPem === undefined ? {} : { crlPem: state.crlPem }) };
    },
    onChange: () => () => {},
  };
  return { state, secrets };
}

test('roots are the same object, and not asked for again, until the source says that something changed', () => {
  const { state, secrets } = source();
  const printer = new SecretPrinter(secrets);
  const [first] = printer.secretsOf(identity);
  expect(printer.secretsOf(identity)).toEqual([first]);
  expect(printer.secretsOf(identity)[0]).toBe(first);
  expect(state.asked).toBe(1);

  printer.changed();
  expect(printer.secretsOf(identity)[0]).toBe(first);

  state.caPem = 'second';
  printer.changed();
  const [second] = printer.secretsOf(identity);
  expect(second).not.toBe(first);
  expect(second?.name).toBe(first?.name);
});

test('revocation lists come and go with the roots, and are asked for by leaf certificates alone (004-84)', () => {
  const { state, secrets } = source();
  const printer = new SecretPrinter(secrets);
  const context = () => {
    printer.changed();
    const [secret] = printer.secretsOf(identity);
    return (secret?.message as Secret | undefined)?.type.value as CertificateValidationContext | undefined;
  };
  expect(context()).toMatchObject({ onlyVerifyLeafCertCrl: false });
  expect(context()?.crl).toBeUndefined();
  state.crlPem = 'a list';
  const listed = context();
  expect(listed).toMatchObject({ onlyVerifyLeafCertCrl: true });
  expect(new TextDecoder().decode(listed?.crl?.specifier.value as Uint8Array)).toBe('a list');
  expect(context()).toBe(listed);
  delete state.crlPem;
  expect(context()?.crl).toBeUndefined();
});
