import type { Identity } from '@meshwise/model';
import { expect, test } from 'vitest';
import { SecretPrinter } from './secret-printer.ts';
import type { SecretSource } from './secret-source.ts';

const identity: Identity = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'a' };

/** Roots that can be exchanged, and how often they were asked for: an authority encodes them anew each time. */
function source() {
  const state = { caPem: 'first', asked: 0 };
  const secrets: SecretSource = {
    want: () => {},
    release: () => {},
    get: () => undefined,
    roots: () => {
      state.asked += 1;
      return { caPem: state.caPem };
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
