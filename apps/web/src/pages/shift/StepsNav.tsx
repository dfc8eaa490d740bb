import { Link } from '@tanstack/react-router';
import { type ShiftForm, WIZARD_STEPS, type WizardStep } from '../../logic/shift/form.ts';
import { shiftToSearch } from '../../logic/shift/form-url.ts';

const TITLES: Readonly<Record<WizardStep | 'live', string>> = {
  target: 'Target',
  split: 'Split',
  plan: 'Plan',
  review: 'Review',
  live: 'Live',
};

/** The five steps; those that can be gone to are links, with everything that was typed in their address. */
export function StepsNav(props: {
  readonly current: WizardStep | 'live';
  readonly form?: ShiftForm;
  readonly reachable: boolean;
}) {
  const { current, form, reachable } = props;
  return (
    <nav className="mw-steps" aria-label="Steps of the shift">
      <ol>
        {([...WIZARD_STEPS, 'live'] as const).map((step, index) => {
          const label = (
            <>
              <span className="mw-steps-number" aria-hidden="true">
                {index + 1}
              </span>
              {TITLES[step]}
            </>
          );
          const isCurrent = step === current;
          const isLink = form !== undefined && step !== 'live' && (reachable || step === 'target');
          return (
            <li key={step} data-current={isCurrent || undefined}>
              {isLink ? (
                <Link
                  to="/shifts/new/$step"
                  params={{ step }}
                  search={shiftToSearch(form)}
                  aria-current={isCurrent ? 'step' : undefined}
                >
                  {label}
                </Link>
              ) : (
                <span aria-current={isCurrent ? 'step' : undefined} className={isCurrent ? undefined : 'mw-dim'}>
                  {label}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
