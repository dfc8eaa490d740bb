import type { Origin, PatchPlan, Residue } from '@meshwise/model';
import type { Verdict } from '../validate/verdicts.ts';

/** What came of screening one plan or one set of resources. */
export class ScreenReport {
  readonly #residues = new Map<string, Residue>();
  /** Patches that were looked at, and those of them that found something. */
  readonly considered = new Set<PatchPlan>();
  readonly matched = new Set<PatchPlan>();
  /** Something is not known yet: what is held back for it is published when it is. */
  isWaiting = false;

  /** Whether there will be more to say when more is known. */
  heed({ status }: Verdict): void {
    if (status === 'pending' || status === 'undecided') this.isWaiting = true;
  }

  get residues(): readonly Residue[] {
    return [...this.#residues.values()];
  }

  say(origin: Origin, severity: Residue['severity'], message: string): void {
    const text = `${origin.field === undefined ? '' : `${origin.field}: `}${message}`;
    const { group, kind, namespace, name } = origin.resource;
    // Once, however many resources say the same.
    this.#residues.set(JSON.stringify([group, kind, namespace, name, text]), { origin, severity, message: text });
  }
}

/** What is said when there was an Envoy to ask, and no answer. */
export function unchecked(consequence: string, { message }: { readonly message: string }): string {
  return `${consequence}, since it could not be checked: ${message}`;
}
