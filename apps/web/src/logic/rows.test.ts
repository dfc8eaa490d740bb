import { expect, test } from 'vitest';
import { bookinfo } from '../../test/fixtures.ts';
import { conditionRowId, namespacesOf, proxyName, proxyNamespace, workloadRowId } from './rows.ts';

const status = bookinfo(0);

test('rows of one kind have ids of their own', () => {
  for (const ids of [status.workloads.map(workloadRowId), status.conditions.map(conditionRowId)]) {
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test("a gateway's proxy is in the namespace of its Gateway, a sidecar in that of its workload", () => {
  const [sidecar, gateway] = ['details-v1', 'bookinfo-gateway'].map((name) =>
    status.proxies.find((proxy) => proxyName(proxy) === name),
  );
  expect(sidecar && proxyNamespace(sidecar, status.gateways)).toBe('default');
  expect(gateway && proxyNamespace(gateway, status.gateways)).toBe('default');
  expect(gateway && proxyNamespace(gateway, [])).toBeNull();
});

test('a chosen namespace stays choosable when nothing is left in it', () => {
  expect(namespacesOf(status)).toEqual(['default', 'shop']);
  expect(namespacesOf(status, ['gone'])).toEqual(['default', 'gone', 'shop']);
});
