import { useClickOutside, useWindowEvent } from '@mantine/hooks';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Icon } from '../ui/icons.tsx';
import { NavCount, NavLink } from './NavLink.tsx';
import type { NavItem } from './nav-items.ts';

/** What the lower edge of a phone has no room for. Says how much of it needs attention, and whether one is there now. */
export function MoreNav(props: { readonly items: readonly NavItem[] }) {
  const { items } = props;
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const ref = useClickOutside<HTMLDivElement>(() => setOpen(false));
  useWindowEvent('keydown', ({ key }) => {
    if (key === 'Escape') setOpen(false);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever went somewhere is done with it
  useEffect(() => setOpen(false), [pathname]);
  return (
    <div ref={ref}>
      <button
        type="button"
        className="mw-nav-button"
        aria-expanded={open}
        data-current={items.some(({ path }) => pathname.startsWith(path)) || undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" size={17} />
        <span className="mw-nav-title">
          More<span className="mw-sr"> pages</span>
        </span>
        <NavCount items={items} />
      </button>
      {open && (
        <ul className="mw-nav-more">
          {items.map((item) => (
            <li key={item.path}>
              <NavLink item={item} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
