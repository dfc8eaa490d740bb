import { exportPath, type ResultKind } from '../../data/performance-api.ts';

const FORMATS = [
  { format: 'json', name: 'JSON', text: 'everything' },
  { format: 'csv', name: 'CSV', text: 'a line a second' },
  { format: 'hdr', name: 'HDR', text: 'histograms without loss' },
  { format: 'svg', name: 'SVG', text: 'charts' },
  { format: 'html', name: 'HTML', text: 'a report in one file' },
] as const;

/** An experiment is many histograms: those are downloaded from its blocks. */
export function Downloads(props: { readonly kind: ResultKind; readonly id: string }) {
  return (
    <nav className="mw-downloads" aria-label="Downloads">
      {FORMATS.filter(({ format }) => props.kind === 'run' || format !== 'hdr').map(({ format, name, text }) => (
        <a key={format} href={exportPath(props.kind, props.id, format)} download>
          {name}
          <span className="mw-dim"> {text}</span>
        </a>
      ))}
    </nav>
  );
}
