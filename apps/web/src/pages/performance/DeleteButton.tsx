import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ResultKind } from '../../data/performance-api.ts';
import { useDelete } from '../../data/performance-queries.ts';
import { FailureError } from '../../logic/failure.ts';

/** Asks by the verb, and says what goes with it. */
export function DeleteButton(props: { readonly kind: ResultKind; readonly id: string; readonly name: string }) {
  const { kind, id, name } = props;
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const remove = useDelete(kind, id);
  const failure = remove.error === null ? undefined : FailureError.from(remove.error).failure;
  const what = kind === 'run' ? 'The result, its histograms and its seconds' : 'The report and all its blocks';
  return (
    <>
      <button type="button" className="mw-quiet" onClick={() => setOpen(true)}>
        Delete…
      </button>
      <Modal.Root opened={open} onClose={() => setOpen(false)} centered>
        <Modal.Overlay />
        <Modal.Content>
          <div className="mw-dialog-head">
            <Modal.Title>
              <span className="mw-drawer-title">Delete {name}</span>
            </Modal.Title>
            <Modal.CloseButton aria-label="Keep it" />
          </div>
          <Modal.Body>
            <p>{what} are gone for good. Download what you want to keep first.</p>
            {failure !== undefined && (
              <p className="mw-field-problem" role="alert">
                Not deleted: {failure.message}
              </p>
            )}
            <p className="mw-dialog-actions">
              <button type="button" className="mw-quiet" onClick={() => setOpen(false)}>
                Keep it
              </button>
              <button
                type="button"
                className="mw-danger"
                disabled={remove.isPending}
                onClick={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/performance' }) })}
              >
                Delete {kind === 'run' ? 'this result' : 'this experiment'}
              </button>
            </p>
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}
