import { planParts } from '../../logic/performance/plan-parts.ts';

/** What is asked how often is read at once; connections and limits are there for who wants them. */
export function PlanWords(props: { readonly words: readonly string[] }) {
  const { what, how } = planParts(props.words);
  return (
    <div className="mw-plan-words">
      <Lines lines={what} />
      {how.length > 0 && (
        <details className="mw-fold">
          <summary>Connections, limits and what counts as good</summary>
          <Lines lines={how} />
        </details>
      )}
    </div>
  );
}

function Lines(props: { readonly lines: readonly string[] }) {
  return (
    <ul className="mw-words">
      {props.lines.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
