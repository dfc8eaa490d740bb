import { useClipboard } from '@mantine/hooks';
import { Fragment } from 'react';
import { Icon } from './icons.tsx';

export function CopyButton(props: { readonly text: string; readonly what: string }) {
  const { text, what } = props;
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <button
      type="button"
      className="mw-copy"
      data-copied={clipboard.copied || undefined}
      aria-label={clipboard.copied ? `Copied ${what}` : `Copy ${what}`}
      title={clipboard.copied ? 'Copied' : `Copy ${what}`}
      onClick={(event) => {
        event.stopPropagation();
        clipboard.copy(text);
      }}
    >
      <Icon name={clipboard.copied ? 'check' : 'copy'} size={14} />
    </button>
  );
}

/** The command that does the same in a terminal. Lines end between words: `--` at the end of one is no option. */
export function CommandTwin(props: { readonly command: string }) {
  const { command } = props;
  return (
    <span className="mw-command">
      <span aria-hidden="true" className="mw-prompt">
        $
      </span>
      <code>
        {command.split(' ').map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
          <Fragment key={index}>
            {index > 0 && ' '}
            <span className="mw-word">{word}</span>
          </Fragment>
        ))}
      </code>
      <CopyButton text={command} what="command" />
    </span>
  );
}

/** An address one can open, where it is one, and copy. */
export function Address(props: { readonly address: string | null; readonly what: string; readonly missing: string }) {
  const { address, what, missing } = props;
  if (address === null) return <span className="mw-missing-text">{missing}</span>;
  const href = /^https?:\/\//.test(address) ? address : undefined;
  return (
    <span className="mw-address">
      {href === undefined ? (
        <code>{address}</code>
      ) : (
        <a href={href} target="_blank" rel="noreferrer" onClick={(event) => event.stopPropagation()}>
          {address}
        </a>
      )}
      <CopyButton text={address} what={what} />
    </span>
  );
}
