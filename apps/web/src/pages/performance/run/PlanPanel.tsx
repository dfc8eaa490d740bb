import { Panel } from '../Panel.tsx';

export function PlanPanel(props: { readonly words: readonly string[] }) {
  return (
    <Panel title="Plan">
      <ul className="mw-words mw-words-plan">
        {props.words.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Panel>
  );
}
