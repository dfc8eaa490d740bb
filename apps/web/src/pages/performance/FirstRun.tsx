import { Link } from '@tanstack/react-router';
import { useLive } from '../../data/status-context.tsx';
import { targetChoices } from '../../logic/performance/target.ts';
import { CommandTwin } from '../../ui/CopyButton.tsx';

/** Teaches what a load test is for, and offers the most useful one. */
export function FirstRun() {
  const { status } = useLive();
  const choices = status === undefined ? [] : targetChoices(status);
  const first = choices.find((choice) => choice.target.startsWith('productpage.')) ?? choices[0];
  return (
    <section className="mw-state mw-empty" aria-label="Nothing measured yet">
      <h2>Nothing measured yet</h2>
      <p>
        A load test sends requests at a rate that you choose and measures how long each takes from the moment it was
        due, so that a stall cannot hide. Every result says whether to believe it. With and without sidecars, it says
        what the mesh costs.
      </p>
      <Link className="mw-button" to="/performance/new" search={first === undefined ? {} : { target: first.target }}>
        Plan a load test
      </Link>
      <CommandTwin
        command={`meshwise perf run ${first?.target ?? 'http://127.0.0.1:8080/'} --rps 100 --duration 30s`}
      />
    </section>
  );
}
