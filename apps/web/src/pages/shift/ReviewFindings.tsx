import type { ShiftReview } from '@meshwise/api';
import { Panel } from '../performance/Panel.tsx';
import { Note } from './Note.tsx';

/** What the daemon says of the result: what keeps it from beginning first. */
export function ReviewFindings(props: { readonly review: ShiftReview }) {
  const { obstacles, problems, warnings } = props.review;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const remarks = problems.filter(({ severity }) => severity !== 'error');
  const none = obstacles.length + problems.length + warnings.length === 0;
  return (
    <Panel title="Findings">
      <div className="mw-notes" aria-live="polite">
        {none && <Note tone="healthy">Nothing speaks against it.</Note>}
        {errors.map(({ field, message, line }) => (
          <Note key={`${field} ${message}`} tone="failing">
            {line !== null && `Line ${line}: `}
            {field !== null && <code>{field}</code>} {message}
          </Note>
        ))}
        {obstacles.map((obstacle) => (
          <Note key={obstacle} tone="failing">
            Cannot begin: {obstacle}
          </Note>
        ))}
        {warnings.map((warning) => (
          <Note key={warning} tone="degraded">
            <span className="mw-first-upper">{warning}.</span>
          </Note>
        ))}
        {remarks.map(({ field, message, severity }) => (
          <Note key={`${field} ${message}`} tone={severity === 'info' ? 'info' : 'degraded'}>
            {field !== null && <code>{field}</code>} {message}
          </Note>
        ))}
      </div>
    </Panel>
  );
}
