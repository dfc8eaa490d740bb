import { useMediaQuery } from '@mantine/hooks';
import { NARROW } from '../ui/ResourceTable.tsx';
import { MoreNav } from './MoreNav.tsx';
import { NavLink } from './NavLink.tsx';
import { NAV_ITEMS } from './nav-items.ts';

/** Beside the page; along the lower edge where the window is narrow. */
export function Nav() {
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const inBar = NAV_ITEMS.filter((item) => !narrow || item.more === undefined);
  return (
    <nav className="mw-nav" aria-label="Main">
      <ul>
        {inBar.map((item) => (
          <li key={item.path}>
            <NavLink item={item} />
          </li>
        ))}
        {narrow && (
          <li>
            <MoreNav items={NAV_ITEMS.filter((item) => item.more)} />
          </li>
        )}
      </ul>
    </nav>
  );
}
