import type { StatusView } from '@meshwise/api';

const LISTS = ['services', 'workloads', 'proxies', 'gateways', 'conditions'] as const;

/**
 * Whether an answer has the parts every page reads. The daemon validates against the schema; this only keeps a page from
 * another release, or a proxy's error page with status 200, from breaking the view.
 */
export function isStatusView(value: unknown): value is StatusView {
  if (typeof value !== 'object' || value === null) return false;
  const field = (name: string): unknown => Reflect.get(value, name);
  return (
    typeof field('at') === 'string' &&
    typeof field('mesh') === 'object' &&
    typeof field('addresses') === 'object' &&
    LISTS.every((name) => Array.isArray(field(name)))
  );
}
