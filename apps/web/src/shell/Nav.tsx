import { Link } from '@tanstack/react-router';
import { usePageSearch } from '../data/page-search.ts';
import { useLive } from '../data/status-context.tsx';
import { navProblems } from '../logic/nav-problems.ts';
import { Icon } from '../ui/icons.tsx';
import { NAV_ITEMS } from './nav-items.ts';

/** Beside the page; along the lower edge where the window is narrow. The scope goes along, filters do not. */
export function Nav() {
  const { status } = useLive();
  const [search] = usePageSearch();
  const problems = status === undefined ? {} : navProblems(status, search.ns);
  return (
    <nav className="mw-nav" aria-label="Main">
      <ul>
        {NAV_ITEMS.map((item) => {
          const count = problems[item.path] ?? 0;
          return (
            <li key={item.path}>
              <Link
                to={item.path}
                search={search.ns === undefined ? {} : { ns: search.ns }}
                activeOptions={{ exact: item.path === '/', includeSearch: false }}
              >
                <Icon name={item.icon} size={17} />
                <span className="mw-nav-title">{item.title}</span>
                {item.short !== undefined && (
                  <span aria-hidden="true" className="mw-nav-short">
                    {item.short}
                  </span>
                )}
                {count > 0 && (
                  <span className="mw-nav-count">
                    {count}
                    <span className="mw-sr"> need attention</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
