import type { AccessSummary } from '@meshwise/api';
import { VERDICTS } from '../../logic/security/words.ts';

export function VerdictBadge({ verdict }: { readonly verdict: AccessSummary['verdict'] }) {
  const { sign, word } = VERDICTS[verdict];
  return (
    <span className="mw-access-verdict" data-verdict={verdict}>
      <span aria-hidden="true">{sign}</span> {word}
    </span>
  );
}
