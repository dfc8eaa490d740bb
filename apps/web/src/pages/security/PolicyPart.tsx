import type { AccessRule } from '@meshwise/api';
import { useState } from 'react';
import { useResource } from '../../data/access-queries.ts';
import { useFailure } from '../../data/performance-queries.ts';
import { getCommand } from '../../logic/cli.ts';
import { policyText } from '../../logic/security/words.ts';
import { CommandTwin, CopyButton } from '../../ui/CopyButton.tsx';

/** A policy that decided. Its text is read when somebody wants to see it. */
export function PolicyPart(props: { readonly object: AccessRule['object']; readonly fields: readonly string[] }) {
  const { object, fields } = props;
  const { kind, namespace, name } = object;
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="mw-access-policy">
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          {kind} <strong>{name}</strong> <span className="mw-dim">in {namespace}</span>
        </summary>
        {isOpen && <PolicyText {...object} />}
      </details>
      {fields.length > 0 && (
        <p className="mw-dim">
          {fields.map((field) => (
            <code key={field}>{field} </code>
          ))}
        </p>
      )}
      <CommandTwin command={getCommand(kind, namespace, name)} />
    </div>
  );
}

function PolicyText({ kind, namespace, name }: AccessRule['object']) {
  const { data, error } = useResource(kind, namespace, name);
  const failure = useFailure(error);
  if (failure !== undefined) return <p className="mw-reason">{failure.message}</p>;
  if (data === undefined) return <p role="status">Reading it</p>;
  if (data === null) return <p className="mw-reason">It is not there any more.</p>;
  return <ManifestText text={policyText(data)} what="policy" />;
}

export function ManifestText({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div className="mw-access-manifest">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls with the arrow keys (WCAG 2.1.1) */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
