import { usePageSearch } from '../data/page-search.ts';
import { isFiltered } from '../logic/filter.ts';
import { Icon } from './icons.tsx';

/** What narrows the table, said in words, each with a way out. */
export function ViewFilter(props: { readonly shown: number; readonly total: number; readonly noun: string }) {
  const { shown, total, noun } = props;
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
        Problems only
      </button>
      {search.q !== undefined && (
        <button type="button" className="mw-chip" onClick={() => update({ q: undefined })}>
          <span className="mw-chip-text">{search.q}</span>
          <span className="mw-sr">: remove this filter</span>
          <Icon name="cross" size={12} />
        </button>
      )}
      <span className="mw-filter-count">
        {isFiltered(search) || shown !== total ? `${shown} of ${total} ${noun}` : `${total} ${noun}`}
      </span>
    </div>
  );
}
