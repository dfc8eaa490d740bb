import type { PagePath } from '../logic/attention.ts';
import type { IconName } from '../ui/icons.tsx';

export interface NavItem {
  readonly path: PagePath;
  readonly title: string;
  /** Where the title is too long for the lower edge of a phone. */
  readonly short?: string;
  readonly icon: IconName;
}

export const NAV_ITEMS: readonly NavItem[] = [
  { path: '/', title: 'Overview', icon: 'overview' },
  { path: '/topology', title: 'Topology', icon: 'topology' },
  { path: '/services', title: 'Services', icon: 'services' },
  { path: '/workloads', title: 'Workloads', icon: 'workloads' },
  { path: '/proxies', title: 'Proxies', icon: 'proxies' },
  { path: '/gateways', title: 'Gateways', icon: 'gateways' },
  { path: '/conditions', title: 'Conditions', icon: 'conditions' },
  { path: '/performance', title: 'Performance', short: 'Perf', icon: 'performance' },
];
