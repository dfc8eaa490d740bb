import { type ReactNode, useId } from 'react';

/** A titled part of a page. */
export function Panel(props: {
  readonly title: string;
  readonly children: ReactNode;
  readonly note?: ReactNode;
  readonly wide?: boolean;
}) {
  const { title, children, note, wide = false } = props;
  const id = useId();
  return (
    <section className="mw-panel mw-perf-panel" aria-labelledby={id} data-wide={wide || undefined}>
      <h2 id={id}>{title}</h2>
      {note !== undefined && <p className="mw-perf-note">{note}</p>}
      {children}
    </section>
  );
}

export interface TileFacts {
  readonly name: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  /** `main` figures are larger. */
  readonly rank?: 'main';
  readonly alarming?: boolean;
}

/** Big numbers, each with its name. */
export function Tiles(props: { readonly label: string; readonly tiles: readonly TileFacts[] }) {
  return (
    <dl className="mw-tiles" aria-label={props.label}>
      {props.tiles.map(({ name, value, note, rank, alarming }) => (
        <div key={name} className="mw-tile" data-rank={rank} data-alarming={alarming || undefined}>
          <dt>{name}</dt>
          <dd>
            <span className="mw-tile-value mw-num">{value}</span>
            {note !== undefined && <span className="mw-tile-note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
