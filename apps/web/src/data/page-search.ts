import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type PageSearch, replacesHistory } from '../logic/search-params.ts';

const root = getRouteApi('__root__');

type Changes = { readonly [Key in keyof PageSearch]?: PageSearch[Key] | undefined };

/** The state in the address and the one way to change it. `undefined` takes a field out. */
export function usePageSearch(): readonly [PageSearch, (changes: Changes) => void] {
  const search = root.useSearch();
  // Not the root's own: relative to it, `.` would always be the overview.
  const navigate = useNavigate();
  const update = useCallback(
    (changes: Changes) => {
      const replace = 'q' in changes && replacesHistory(search.q, changes.q);
      void navigate({ to: '.', search: (before: PageSearch) => merge(before, changes), replace, resetScroll: false });
    },
    [navigate, search.q],
  );
  return [search, update];
}

function merge(before: PageSearch, changes: Changes): PageSearch {
  const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(merged) as PageSearch;
}
