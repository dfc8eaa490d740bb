import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useStart } from '../../../data/performance-queries.ts';
import { type Failure, FailureError } from '../../../logic/failure.ts';
import { failedField } from '../../../logic/performance/failed-field.ts';
import { type FieldProblems, readForm } from '../../../logic/performance/form-request.ts';
import type { PlanField } from '../../../logic/performance/plan-form.ts';
import { planWords } from '../../../logic/performance/plan-words.ts';
import { Head } from '../Head.tsx';
import { AdvancedParts } from './AdvancedParts.tsx';
import { ComparePart } from './ComparePart.tsx';
import { ExpectPart } from './ExpectPart.tsx';
import type { FormPart } from './Field.tsx';
import { LoadPart } from './LoadPart.tsx';
import { PlanAside } from './PlanAside.tsx';
import { RequestPart } from './RequestPart.tsx';
import { Section } from './Section.tsx';
import { TargetPart } from './TargetPart.tsx';
import { usePlanForm } from './use-plan-form.ts';

/** Everywhere else the way to sign in takes the place of the page; here it would take what was typed along. */
const SIGNED_OUT: Failure = {
  kind: 'unauthorised',
  code: undefined,
  message: 'You are signed out',
  advice: 'Open the address that `meshwise ui` prints in another tab, then start again: what you typed stays here.',
};

export function FormPage() {
  const [form, change] = usePlanForm();
  const navigate = useNavigate();
  const start = useStart();
  // Empty fields are not wrong before somebody tried to start.
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<Failure | undefined>(undefined);
  const read = readForm(form);
  const plan = planWords(read.request);
  const local = 'failure' in plan ? plan.failure : undefined;
  const problems = { ...at(local), ...at(refused), ...(tried ? read.problems : withoutEmpty(read.problems)) };
  const part: FormPart = {
    form,
    problems,
    change: (changes) => {
      setRefused(undefined);
      change(changes);
    },
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const first = Object.keys({ ...at(local), ...read.problems })[0];
    if (first !== undefined) return focusField(first);
    start.mutate(read.request, {
      onSuccess: ({ runId, experimentId }) => {
        if (runId !== null) void navigate({ to: '/performance/runs/$id', params: { id: runId } });
        else if (experimentId !== null)
          void navigate({ to: '/performance/experiments/$id', params: { id: experimentId } });
      },
      onError: (reason) => {
        const { failure: said } = FailureError.from(reason);
        const failure = said.kind === 'unauthorised' ? SIGNED_OUT : said;
        setRefused(failure);
        const field = failedField(failure, form);
        if (field !== undefined) focusField(field);
      },
    });
  };
  function at(failure: Failure | undefined): FieldProblems {
    const field = failure === undefined ? undefined : failedField(failure, form);
    return failure === undefined || field === undefined ? {} : { [field]: failure.message };
  }
  return (
    <>
      <Head title="New load test">
        What to ask, how often, and what counts as good. Nothing is sent before you start it.
      </Head>
      <form className="mw-plan" onSubmit={submit} noValidate>
        <div className="mw-plan-fields">
          <Section title="Target">
            <TargetPart part={part} />
          </Section>
          <Section title="Load">
            <LoadPart part={part} />
          </Section>
          <Section title="Request">
            <RequestPart part={part} />
          </Section>
          <Section
            title="Pass criteria"
            note="Of the response time, from when a request was due. Empty ones do not count."
          >
            <ExpectPart part={part} />
          </Section>
          <Section title="Cost of the mesh">
            <ComparePart part={part} />
          </Section>
          <Section title="Advanced">
            <AdvancedParts part={part} />
          </Section>
        </div>
        <PlanAside
          part={part}
          request={read.request}
          complete={Object.keys(read.problems).length === 0 && local === undefined}
          words={'words' in plan ? plan.words : []}
          refused={refused}
          starting={start.isPending}
        />
      </form>
      <p className="mw-plan-foot">
        <Link to="/performance">Back to the results</Link>
      </p>
    </>
  );
}

/** Until somebody tries to start, only what was typed can be wrong. */
function withoutEmpty(problems: FieldProblems): FieldProblems {
  const { target: _, ...rest } = problems;
  return rest;
}

function focusField(field: PlanField | string): void {
  const holder = document.querySelector(`[data-field="${CSS.escape(field)}"]`);
  holder?.closest('details')?.setAttribute('open', '');
  holder?.querySelector<HTMLElement>('input, textarea, select, button')?.focus();
}
