import type { ReactNode } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import { Icon } from './icons.tsx';

/** What narrows a page, said in words, each with a way out; `children` say how much is left. */
export function FilterBar({ toggle, children }: { readonly toggle: string; readonly children: ReactNode }) {
  const [search, update] = usePageSearch();
  return (
    <div className="mw-filter">
      <button
        type="button"
        className="mw-toggle"
        aria-pressed={search.view === 'problems'}
        onClick={() => update({ view: search.view === undefined ? 'problems' : undefined })}
      >
        <Icon name="filter" size={14} />
        {toggle}
      </button>
      {search.q !== undefined && (
        <button type="button" className="mw-chip" onClick={() => update({ q: undefined })}>
          <span className="mw-chip-text">{search.q}</span>
          <span className="mw-sr">: remove this filter</span>
          <Icon name="cross" size={12} />
        </button>
      )}
      <span className="mw-filter-count">{children}</span>
    </div>
  );
}
