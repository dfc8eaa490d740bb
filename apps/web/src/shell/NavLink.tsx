import { Link } from '@tanstack/react-router';
import { usePageSearch } from '../data/page-search.ts';
import { useLive } from '../data/status-context.tsx';
import { navProblems } from '../logic/nav-problems.ts';
import { Icon } from '../ui/icons.tsx';
import type { NavItem } from './nav-items.ts';

/** The scope goes along, filters do not. */
export function NavLink(props: { readonly item: NavItem }) {
  const { item } = props;
  const [search] = usePageSearch();
  return (
    <Link
      to={item.path}
      search={search.ns === undefined ? {} : { ns: search.ns }}
      activeOptions={{ exact: item.path === '/', includeSearch: false }}
    >
      <Icon name={item.icon} size={17} />
      <span className="mw-nav-title">{item.title}</span>
      <NavCount items={[item]} />
    </Link>
  );
}

/** How much of these pages needs attention. */
export function NavCount(props: { readonly items: readonly NavItem[] }) {
  const { status } = useLive();
  const [search] = usePageSearch();
  const problems = status === undefined ? {} : navProblems(status, search.ns);
  const count = props.items.reduce((sum, { path }) => sum + (problems[path] ?? 0), 0);
  if (count === 0) return null;
  return (
    <span className="mw-nav-count">
      {count}
      <span className="mw-sr"> need attention</span>
    </span>
  );
}
