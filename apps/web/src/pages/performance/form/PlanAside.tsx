import { useDebouncedValue } from '@mantine/hooks';
import type { RunRequest } from '@meshwise/api';
import { commandOf } from '@meshwise/performance';
import { useState } from 'react';
import { useFailure, usePlanCheck } from '../../../data/performance-queries.ts';
import { useLive } from '../../../data/status-context.tsx';
import type { Failure } from '../../../logic/failure.ts';
import { loadCurve } from '../../../logic/performance/curve.ts';
import { leavesOut } from '../../../logic/performance/form-url.ts';
import { serviceOf, targetChoices } from '../../../logic/performance/target.ts';
import { CommandTwin } from '../../../ui/CopyButton.tsx';
import { HealthIcon, Icon } from '../../../ui/icons.tsx';
import { WithCode } from '../../../ui/States.tsx';
import { PlanWords } from '../PlanWords.tsx';
import type { FormPart } from './Field.tsx';
import { StageCurve } from './StageCurve.tsx';

const TYPING_MS = 500;

interface Props {
  readonly part: FormPart;
  readonly request: RunRequest;
  /** Nothing in it is wrong as far as this page can tell. */
  readonly complete: boolean;
  readonly words: readonly string[];
  readonly refused: Failure | undefined;
  readonly starting: boolean;
}

/** What would happen, said while one types. */
export function PlanAside(props: Props) {
  const { part, request, complete, refused, starting } = props;
  const check = useCheck(request, complete);
  // Rounds and ways are the daemon's to say, and the load is that of one block.
  const compares = request.compareMesh !== undefined;
  const words = (compares ? check.said?.words : undefined) ?? props.words;
  const curve = compares ? undefined : loadCurve(request.load);
  return (
    <aside className="mw-plan-aside" aria-label="Plan">
      <div className="mw-panel mw-plan-card">
        <h2>Plan</h2>
        {words.length === 0 ? (
          <p className="mw-dim">Choose a target to see what would happen.</p>
        ) : (
          <PlanWords words={words} />
        )}
        {curve !== undefined && <StageCurve curve={curve} />}
        {complete && <Check check={check} />}
        {refused !== undefined && (
          <div className="mw-note" data-tone="failing" role="alert">
            <HealthIcon health="failing" />
            <p>
              {refused.message}
              {refused.code !== undefined && <> ({refused.code})</>}. <WithCode text={refused.advice} />
            </p>
          </div>
        )}
        <button type="submit" className="mw-button mw-start" disabled={starting}>
          <Icon name="play" size={14} />
          {starting ? 'Starting…' : part.form.compare ? 'Start the comparison' : 'Start the load test'}
        </button>
        <div className="mw-plan-twin">
          <h3>In a terminal</h3>
          <CommandTwin command={commandOf(request)} />
        </div>
        {leavesOut(part.form) && (
          <p className="mw-field-hint">The address of this page has no secrets and no very long texts in it.</p>
        )}
      </div>
    </aside>
  );
}

/**
 * Whether the target answers. A service of this mesh is asked by itself; any other address only when told to, since a check
 * sends a request, and half-typed addresses belong to somebody.
 */
function useCheck(request: RunRequest, complete: boolean) {
  const { status } = useLive();
  const text = JSON.stringify(request);
  const [settled] = useDebouncedValue(text, TYPING_MS);
  const [told, setTold] = useState<string | undefined>(undefined);
  const own = status !== undefined && serviceOf(request.target, targetChoices(status)) !== undefined;
  const wanted = complete && ((own && settled === text) || told === text);
  const { data, error, isFetching } = usePlanCheck(wanted ? request : undefined);
  const failure = useFailure(error);
  return { own, wanted, isFetching, failure, said: wanted ? data : undefined, tell: () => setTold(text) };
}

function Check(props: { readonly check: ReturnType<typeof useCheck> }) {
  const { own, wanted, isFetching, failure, said, tell } = props.check;
  return (
    <div className="mw-plan-check" aria-live="polite">
      {!wanted && !own && (
        <button type="button" className="mw-quiet" onClick={tell}>
          Check that the target answers
        </button>
      )}
      {wanted && isFetching && <p className="mw-dim">Asking the target…</p>}
      {said !== undefined && (
        <>
          {said.unreachable === null ? (
            <Note tone="healthy" text="The target answers." />
          ) : (
            <Note tone="failing" text={`The target does not answer: ${said.unreachable}`} />
          )}
          {said.warnings.map((warning) => (
            <Note key={warning} tone="degraded" text={warning} />
          ))}
        </>
      )}
      {failure !== undefined && (
        <Note tone="failing" text={`${failure.message}${failure.code === undefined ? '' : ` (${failure.code})`}`} />
      )}
    </div>
  );
}

function Note(props: { readonly tone: 'healthy' | 'degraded' | 'failing'; readonly text: string }) {
  return (
    <div className="mw-note" data-tone={props.tone}>
      <HealthIcon health={props.tone} />
      <p>
        <WithCode text={props.text} />
      </p>
    </div>
  );
}
