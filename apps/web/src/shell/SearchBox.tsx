import { useEffect, useRef, useState } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import { Icon } from '../ui/icons.tsx';

export const SEARCH_ID = 'search';

/** The filter of the page, in the address. Esc clears it, then leaves the field. */
export function SearchBox() {
  const [search, update] = usePageSearch();
  const [text, setText] = useState(search.q ?? '');
  const written = useRef(search.q ?? '');
  useEffect(() => {
    // Only what came from elsewhere (Back, a link): the address trims, and must not eat the space just typed.
    if ((search.q ?? '') === written.current) return;
    written.current = search.q ?? '';
    setText(written.current);
  }, [search.q]);
  const change = (next: string) => {
    const q = next.trim();
    written.current = q;
    setText(next);
    update({ q: q === '' ? undefined : q });
  };
  return (
    <search className="mw-search">
      <Icon name="search" />
      <input
        id={SEARCH_ID}
        type="text"
        value={text}
        placeholder="Search this page"
        aria-label="Search this page"
        aria-keyshortcuts="/ Control+K"
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') event.currentTarget.blur();
          else change('');
        }}
      />
      <span aria-hidden="true" className="mw-search-key">
        /
      </span>
    </search>
  );
}
