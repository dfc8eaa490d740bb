import type { Session } from '../session.ts';
import { experimentText } from './experiment-text.ts';
import type { Outcome } from './outcome.ts';
import { runText } from './run-text.ts';

/** For programs a run has its headline figures on top, so that a script need not know where in the record they are. */
export function printOutcome(session: Session, outcome: Outcome): void {
  const { record } = outcome;
  const value = 'summary' in record ? { ...headline(record), ...record } : record;
  session.print({
    value,
    table: () => ('summary' in record ? runText(record, session.paint) : experimentText(record, session.paint)),
  });
}

function headline({ id, summary }: Extract<Outcome, { kind: 'run' }>['record']) {
  return {
    id,
    requestedRps: summary?.requestedRps ?? null,
    achievedRps: summary?.achievedRps ?? null,
    trust: summary?.trust ?? null,
    response: summary?.response ?? null,
    service: summary?.service ?? null,
    lag: summary?.lag ?? null,
  };
}
