import { useDebouncedValue } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useFailure } from '../../data/performance-queries.ts';
import { useShiftReview, useShiftStart } from '../../data/shift-queries.ts';
import { FailureError } from '../../logic/failure.ts';
import { gainers } from '../../logic/shift/form.ts';
import { shiftToSearch } from '../../logic/shift/form-url.ts';
import type { ReadShift } from '../../logic/shift/to-draft.ts';
import { shiftVerb } from '../../logic/shift/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { ErrorState, WithCode } from '../../ui/States.tsx';
import { PageSkeleton } from '../performance/PageStates.tsx';
import { Panel } from '../performance/Panel.tsx';
import { ShiftText } from './Fields.tsx';
import { ManifestPart } from './ManifestPart.tsx';
import { Note } from './Note.tsx';
import { ReviewEffect } from './ReviewEffect.tsx';
import { ReviewFindings } from './ReviewFindings.tsx';
import type { StepProps } from './SplitStep.tsx';
import { YamlDiff } from './YamlDiff.tsx';

const TYPING_MS = 400;

/** What would change and whom it concerns, said by the daemon, before the one button that does it. */
export function ReviewStep(props: StepProps & { readonly read: ReadShift }) {
  const { target, form, change, read } = props;
  /** What somebody made of the manifest; then the form is no longer what is reviewed. */
  const [edited, setEdited] = useState<string | undefined>(undefined);
  const request = edited === undefined ? { draft: read.draft } : { manifest: edited };
  const [settled] = useDebouncedValue(JSON.stringify(request), TYPING_MS);
  const wrong = edited === undefined ? Object.values(read.problems) : [];
  const { data, error, refetch, isFetching } = useShiftReview(
    wrong.length > 0 ? undefined : (JSON.parse(settled) as typeof request),
  );
  const failure = useFailure(error);
  const start = useShiftStart();
  const navigate = useNavigate();
  if (wrong.length > 0) {
    return (
      <Panel title="Something is missing">
        {wrong.map((problem) => (
          <Note key={problem} tone="degraded">
            {problem}
          </Note>
        ))}
        <p>
          <Link
            to="/shifts/new/$step"
            params={{ step: read.problems.split === undefined ? 'plan' : 'split' }}
            search={shiftToSearch(form)}
          >
            Go there
          </Link>
        </p>
      </Panel>
    );
  }
  if (data === undefined) {
    if (failure === undefined) return <PageSkeleton what="the review" />;
    return <ErrorState failure={failure} onRetry={() => void refetch()} />;
  }
  const isCurrent = settled === JSON.stringify(request) && !isFetching;
  const blocked = data.obstacles.length > 0 || data.problems.some(({ severity }) => severity === 'error');
  const refused = start.error === null ? undefined : FailureError.from(start.error).failure;
  const first = data.spec?.steps[0]?.weights ?? {};
  const gaining = edited === undefined ? gainers(target, form) : Object.keys(first);
  const submit = () =>
    start.mutate(data.manifest, {
      onSuccess: () =>
        void navigate({ to: '/shifts/live/$namespace/$name', params: { namespace: data.namespace, name: data.name } }),
    });
  return (
    <>
      <ReviewFindings review={data} />
      <ReviewEffect review={data} />
      <YamlDiff review={data} />
      {edited === undefined && (
        <Panel title="Name">
          <div className="mw-fields">
            <ShiftText
              part={{ form, change, problems: {} }}
              field="name"
              label="Name of the shift"
              placeholder={read.draft.name}
            />
          </div>
        </Panel>
      )}
      <ManifestPart review={data} edited={edited} onEdit={setEdited} />
      <div className="mw-shift-confirm">
        <button
          type="button"
          className="mw-button mw-start"
          disabled={blocked || !isCurrent || start.isPending}
          onClick={submit}
        >
          <Icon name="play" size={14} />
          {start.isPending ? 'Applying…' : shiftVerb(first, gaining)}
        </button>
        <span className="mw-dim">
          {blocked
            ? 'not as long as something above keeps it from beginning'
            : (data.spec?.steps.length ?? 1) > 1
              ? `the first of ${data.spec?.steps.length} steps; it can be paused or aborted at any time`
              : 'at once; aborting it afterwards brings the weights before back'}
        </span>
      </div>
      {refused !== undefined && (
        <Note tone="failing" role="alert">
          {refused.message}
          {refused.code !== undefined && ` (${refused.code})`}. <WithCode text={refused.advice} />
        </Note>
      )}
    </>
  );
}
