import type { Health, StatusView } from '@meshwise/api';
import type { PagePath } from './attention.ts';
import { inScope } from './filter.ts';
import { isProblem, severityHealth } from './health.ts';
import { proxyNamespace } from './rows.ts';

export type NavProblems = Readonly<Partial<Record<PagePath, number>>>;

/** How many things of each page fail or are degraded in scope. */
export function navProblems(status: StatusView, scope: readonly string[] | undefined): NavProblems {
  const count = <Item>(
    items: readonly Item[],
    namespace: (item: Item) => string | null,
    health: (item: Item) => Health,
  ) => items.filter((item) => isProblem(health(item)) && inScope(namespace(item), scope)).length;
  const own = (item: { readonly namespace: string }) => item.namespace;
  const health = (item: { readonly health: Health }) => item.health;
  return {
    '/services': count(status.services, own, health),
    '/workloads': count(status.workloads, own, health),
    '/proxies': count(status.proxies, (proxy) => proxyNamespace(proxy, status.gateways), health),
    '/gateways': count(status.gateways, own, health),
    '/conditions': count(
      status.conditions,
      (condition) => (condition.object.namespace === '' ? null : condition.object.namespace),
      (condition) => severityHealth(condition.severity),
    ),
  };
}
