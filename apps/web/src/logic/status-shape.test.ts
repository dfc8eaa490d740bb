import { expect, test } from 'vitest';
import { empty } from '../../test/fixtures.ts';
import { isStatusView } from './status-shape.ts';

test('a status is recognised, and what lacks a part that pages read is not', () => {
  const status = empty(0);
  expect(isStatusView(status)).toBe(true);
  for (const part of ['at', 'mesh', 'addresses', 'services', 'workloads', 'proxies', 'gateways', 'conditions']) {
    expect(isStatusView({ ...status, [part]: undefined }), part).toBe(false);
  }
  expect(isStatusView(null)).toBe(false);
  expect(isStatusView('<html>')).toBe(false);
});
