import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import type { AttentionItem } from '../logic/attention.ts';
import { HealthBadge } from '../ui/HealthBadge.tsx';
import { HealthIcon, Icon } from '../ui/icons.tsx';

/** As many as one takes in without scrolling; the rest on demand. */
const SHOWN = 6;

export function AttentionList(props: { readonly items: readonly AttentionItem[] }) {
  const { items } = props;
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, SHOWN);
  return (
    <section className="mw-attention" aria-labelledby="attention-title" data-calm={items.length === 0 || undefined}>
      <h2 id="attention-title">
        Needs attention
        {items.length > 0 && <span className="mw-count">{items.length}</span>}
      </h2>
      {items.length === 0 ? (
        <p className="mw-calm">
          <HealthIcon health="healthy" /> Nothing is failing or degraded.
        </p>
      ) : (
        <ul>
          {shown.map((item) => (
            <AttentionRow key={item.key} item={item} />
          ))}
        </ul>
      )}
      {items.length > SHOWN && (
        <button type="button" className="mw-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${items.length}`}
        </button>
      )}
    </section>
  );
}

function AttentionRow(props: { readonly item: AttentionItem }) {
  const { item } = props;
  const [search] = usePageSearch();
  return (
    <li>
      <HealthBadge health={item.health} />
      <span className="mw-attention-what">
        <span className="mw-attention-name">{item.name}</span>{' '}
        <span className="mw-dim">
          {item.kind}
          {item.namespace !== null && ` in ${item.namespace}`}
        </span>
      </span>
      <span className="mw-reason">{item.reason}</span>
      <Link className="mw-verb" to={item.path} search={{ ...(search.ns && { ns: search.ns }), open: item.open }}>
        {item.verb}
        <span className="mw-sr"> {item.name}</span>
        <Icon name="chevron" size={12} />
      </Link>
    </li>
  );
}
