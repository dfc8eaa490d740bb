import { getRouteApi, Link } from '@tanstack/react-router';
import { useFailure } from '../../data/performance-queries.ts';
import { useShifts, useShiftTargets } from '../../data/shift-queries.ts';
import { findTarget, WIZARD_STEPS, type WizardStep } from '../../logic/shift/form.ts';
import { shiftToSearch } from '../../logic/shift/form-url.ts';
import { readShiftForm } from '../../logic/shift/to-draft.ts';
import { ErrorState } from '../../ui/States.tsx';
import { PageSkeleton, StaleBanner } from '../performance/PageStates.tsx';
import { PlanStep } from './PlanStep.tsx';
import { ReviewStep } from './ReviewStep.tsx';
import { ShiftHead } from './ShiftHead.tsx';
import { SplitStep } from './SplitStep.tsx';
import { StepsNav } from './StepsNav.tsx';
import { TargetStep } from './TargetStep.tsx';
import { useShiftForm } from './use-shift-form.ts';
import './shift.css';
import './wizard.css';

const route = getRouteApi('/shifts/new/$step');

/** From a route to a plan, in four steps, each an address; nothing changes before the last of them is confirmed. */
export function WizardPage() {
  const { step: asked } = route.useParams();
  const [form, change] = useShiftForm();
  const targets = useShiftTargets();
  const shifts = useShifts();
  const failure = useFailure(targets.error);
  const retry = () => void targets.refetch();
  const target = findTarget(targets.data?.items ?? [], form);
  const usable = target !== undefined && target.reason === null;
  const wanted: WizardStep = WIZARD_STEPS.find((one) => one === asked) ?? 'target';
  const step = usable ? wanted : 'target';
  const names = (shifts.data?.items ?? []).filter(({ namespace }) => namespace === target?.namespace);
  const read =
    target === undefined
      ? undefined
      : readShiftForm(
          form,
          target,
          names.map(({ name }) => name),
        );
  const at = WIZARD_STEPS.indexOf(step);
  const next = WIZARD_STEPS[at + 1];
  const before = WIZARD_STEPS[at - 1];
  return (
    <>
      <ShiftHead title="Shift traffic">Nothing is changed before you confirm it in the review.</ShiftHead>
      <StepsNav current={step} form={form} reachable={usable} />
      {failure !== undefined && targets.data !== undefined && <StaleBanner failure={failure} onRetry={retry} />}
      {targets.data === undefined ? (
        failure === undefined ? (
          <PageSkeleton what="routes" />
        ) : (
          <ErrorState failure={failure} onRetry={retry} />
        )
      ) : (
        <>
          {step === 'target' && <TargetStep targets={targets.data.items} form={form} change={change} />}
          {step === 'split' && target !== undefined && read !== undefined && (
            <SplitStep target={target} form={form} change={change} problems={read.problems} />
          )}
          {step === 'plan' && target !== undefined && read !== undefined && (
            <PlanStep target={target} form={form} change={change} read={read} />
          )}
          {step === 'review' && target !== undefined && read !== undefined && (
            <ReviewStep target={target} form={form} change={change} read={read} />
          )}
          <p className="mw-wizard-foot">
            {before !== undefined && (
              <Link className="mw-quiet" to="/shifts/new/$step" params={{ step: before }} search={shiftToSearch(form)}>
                Back
              </Link>
            )}
            {next !== undefined && usable && (
              <Link className="mw-button" to="/shifts/new/$step" params={{ step: next }} search={shiftToSearch(form)}>
                {{ split: 'Choose the split', plan: 'Plan the steps', review: 'Review', target: '' }[next]}
              </Link>
            )}
          </p>
        </>
      )}
    </>
  );
}
