import type { ResultKind } from '../../data/performance-api.ts';
import { useStop } from '../../data/performance-queries.ts';
import { FailureError } from '../../logic/failure.ts';

/** Says what becomes of what was measured before one decides. */
export function StopButton(props: { readonly kind: ResultKind; readonly id: string }) {
  const stop = useStop(props.kind, props.id);
  const failure = stop.error === null ? undefined : FailureError.from(stop.error).failure;
  return (
    <span className="mw-stop">
      <button
        type="button"
        className="mw-danger"
        disabled={stop.isPending || stop.isSuccess}
        onClick={() => stop.mutate()}
      >
        {stop.isPending || stop.isSuccess ? 'Stopping…' : 'Stop'}
      </button>
      <span className="mw-dim" role={failure === undefined ? undefined : 'alert'}>
        {failure === undefined ? 'keeps what was measured until then' : `Not stopped: ${failure.message}`}
      </span>
    </span>
  );
}
