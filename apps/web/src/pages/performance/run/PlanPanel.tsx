import { Panel } from '../Panel.tsx';
import { PlanWords } from '../PlanWords.tsx';

export function PlanPanel(props: { readonly words: readonly string[] }) {
  return (
    <Panel title="Plan">
      <PlanWords words={props.words} />
    </Panel>
  );
}
