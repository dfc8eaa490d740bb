import type { ShiftReview } from '@meshwise/api';
import { useId } from 'react';
import { shellWord } from '../../logic/cli.ts';
import { CommandTwin, CopyButton } from '../../ui/CopyButton.tsx';
import { Panel } from '../performance/Panel.tsx';
import { Note } from './Note.tsx';

/** The shift as the file it is: to be read, edited, taken along, and applied by the command that does the same. */
export function ManifestPart(props: {
  readonly review: ShiftReview;
  readonly edited: string | undefined;
  readonly onEdit: (text: string | undefined) => void;
}) {
  const { review, edited, onEdit } = props;
  const id = useId();
  const text = edited ?? review.manifest;
  const file = `${review.name === '' ? 'shift' : review.name}.yaml`;
  return (
    <Panel
      title="Manifest"
      note="What is applied. Edit it for what the form has no field for, as a gate of one step alone."
    >
      {edited !== undefined && (
        <Note tone="info" role="status">
          You edited the manifest: it counts now, and the fields of the steps before do not.{' '}
          <button type="button" className="mw-quiet mw-inline" onClick={() => onEdit(undefined)}>
            Back to the form
          </button>
        </Note>
      )}
      <div className="mw-field">
        <label htmlFor={id}>TrafficShift, as YAML</label>
        <textarea
          id={id}
          className="mw-textarea"
          rows={Math.min(28, text.split('\n').length + 1)}
          spellCheck={false}
          value={text}
          onChange={(event) => onEdit(event.target.value)}
        />
      </div>
      <div className="mw-manifest-foot">
        <CommandTwin command={`meshwise apply -f ${shellWord(file)}`} />
        <span>
          Manifest <CopyButton text={text} what="manifest" />
        </span>
        <a
          className="mw-quiet"
          download={file}
          href={`data:application/yaml;charset=utf-8,${encodeURIComponent(text)}`}
        >
          Download {file}
        </a>
      </div>
    </Panel>
  );
}
