import { type Check, ok, warning } from './check.ts';

/** Something of an earlier run that nobody looks after. */
export interface Leftover {
  readonly kind: 'process' | 'namespace' | 'directory';
  /** `envoy of productpage (pid 4711)`. */
  readonly description: string;
}

const SHOWN = 3;

export function leftoversCheck(find: () => Promise<readonly Leftover[]>): Check {
  return {
    id: 'leftovers',
    title: 'Leftovers of earlier runs',
    async run() {
      const leftovers = await find();
      if (leftovers.length === 0) return ok('none');
      const shown = leftovers.slice(0, SHOWN).map(({ kind, description }) => `${kind} ${description}`);
      const more = leftovers.length > SHOWN ? ` and ${leftovers.length - SHOWN} more` : '';
      return warning(`${shown.join(', ')}${more}`, '`meshwise down` removes them.');
    },
  };
}
