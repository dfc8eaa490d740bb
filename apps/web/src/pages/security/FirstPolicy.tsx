import { EXAMPLE } from '../../logic/security/words.ts';
import { CommandTwin } from '../../ui/CopyButton.tsx';
import { ManifestText } from './PolicyPart.tsx';

/** Teaches how to close a door, where all are open. */
export function FirstPolicy() {
  return (
    <section className="mw-access-first" aria-label="No policy yet">
      <h2>Everybody may call everything</h2>
      <p>
        No policy asks who comes. This one lets only the product page read reviews; what no rule of it names is refused.
      </p>
      <ManifestText text={EXAMPLE} what="example" />
      <CommandTwin command="meshwise apply -f reviews-viewer.yaml --dry-run" />
    </section>
  );
}
