import { type RunTarget, VARIANT_TITLES } from '@meshwise/performance';
import { RelativeTime } from '../../../ui/Time.tsx';

export function TargetLine(props: { readonly target: RunTarget; readonly startedAt: string }) {
  const { target, startedAt } = props;
  return (
    <p>
      <code>{target.text}</code>
      {target.text !== target.url && (
        <>
          {' '}
          at <code>{target.url}</code>
        </>
      )}
      , from {target.from} the mesh
      {target.variant !== null && <>, by way of: {VARIANT_TITLES[target.variant].toLowerCase()}</>} · started{' '}
      <RelativeTime at={startedAt} missing="at an unknown time" />
    </p>
  );
}
