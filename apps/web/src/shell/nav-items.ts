import type { PagePath } from '../logic/attention.ts';
import type { IconName } from '../ui/icons.tsx';

export interface NavItem {
  readonly path: PagePath;
  readonly title: string;
  /** On a phone behind “More”: its lower edge has room for five. */
  readonly more?: true;
  readonly icon: IconName;
}

export const NAV_ITEMS: readonly NavItem[] = [
  { path: '/', title: 'Overview', icon: 'overview' },
  { path: '/topology', title: 'Topology', icon: 'topology' },
  { path: '/services', title: 'Services', icon: 'services' },
  { path: '/workloads', title: 'Workloads', icon: 'workloads', more: true },
  { path: '/proxies', title: 'Proxies', icon: 'proxies', more: true },
  { path: '/gateways', title: 'Gateways', icon: 'gateways', more: true },
  { path: '/conditions', title: 'Conditions', icon: 'conditions', more: true },
  { path: '/shifts', title: 'Shifts', icon: 'shifts', more: true },
  { path: '/security', title: 'Security', icon: 'security', more: true },
  { path: '/performance', title: 'Performance', icon: 'performance' },
];
