import { expect, test } from 'vitest';
import { bookinfo } from '../../test/fixtures.ts';
import { conditionRowId, gatewayRowId, namespacesOf, proxyName, proxyNamespace, workloadRowId } from './rows.ts';

const status = bookinfo(0);

test('rows of one kind have ids of their own', () => {
  for (const ids of [status.workloads.map(workloadRowId), status.conditions.map(conditionRowId)]) {
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('listeners of one Gateway of the Gateway API have rows of their own, beside a Gateway of Istio of that name (001-77)', () => {
  const [gateway] = status.gateways;
  const rows = [undefined, 'http', 'https'].map((listener) => ({ ...gateway, ...(listener && { listener }) }));
  const ids = rows.map((row) => gatewayRowId(row as NonNullable<typeof gateway>));
  expect(ids).toEqual(['default/bookinfo-gateway', 'default/bookinfo-gateway/http', 'default/bookinfo-gateway/https']);
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
