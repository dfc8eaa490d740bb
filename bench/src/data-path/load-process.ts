/** The client of the bench in a process, and on a core, of its own. */
import { onLines, say } from '../processes/line-process.ts';
import { generateLoad, type LoadOptions } from './load.ts';

onLines<{ readonly kind: 'load'; readonly options: LoadOptions }>(async ({ options }) => {
  say({ kind: 'loaded', ...(await generateLoad(options)) });
});
say({ kind: 'ready' });
