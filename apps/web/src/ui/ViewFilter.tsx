import { usePageSearch } from '../data/page-search.ts';
import { isFiltered } from '../logic/filter.ts';
import { FilterBar } from './FilterBar.tsx';

/** What narrows the table. */
export function ViewFilter(props: { readonly shown: number; readonly total: number; readonly noun: string }) {
  const { shown, total, noun } = props;
  const [search] = usePageSearch();
  return (
    <FilterBar toggle="Problems only">
      {isFiltered(search) || shown !== total ? `${shown} of ${total} ${noun}` : `${total} ${noun}`}
    </FilterBar>
  );
}
