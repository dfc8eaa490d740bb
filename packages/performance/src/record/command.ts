import { formatDuration, type LoadInput } from '@meshwise/load';
import { loadFlags } from './command-load.ts';
import { formatExpectation } from './expectation-text.ts';
import type { Criterion, PathVariant } from './run-record.ts';
import { shellWord } from './shell-word.ts';

/** What is asked for: `RunRequest` of the API, which this package must not know. */
export interface RequestedRun {
  readonly target: string;
  readonly from?: 'outside' | 'inside';
  readonly name?: string;
  readonly load: LoadInput;
  readonly criteria?: readonly Criterion[];
  readonly yes?: boolean;
  readonly compareMesh?: {
    readonly rounds?: number;
    readonly blockMs?: number;
    readonly variants?: readonly PathVariant[];
  };
}

/**
 * The command that asks for the same, ready for a POSIX shell, with nothing in it that was not said.
 *
 * It is shown and stored, so it holds no secret: values of headers that carry credentials are left for the reader to fill in, and
 * certificates and keys, whose texts a request has, are named by files. What no option can say of a request (several, weights,
 * binary bodies) is put in front as the text of `--requests`.
 */
export function commandOf(request: RequestedRun): string {
  const { flags, requestsFile } = loadFlags(request.load);
  const words = ['meshwise', 'perf', 'run', request.target, ...flagsBefore(request), ...flags, ...flagsAfter(request)];
  const command = words.map(shellWord).join(' ');
  return requestsFile === undefined ? command : `printf %s ${shellWord(requestsFile)} | ${command}`;
}

function flagsBefore({ from, name }: RequestedRun): string[] {
  return [...(from === undefined ? [] : ['--from', from]), ...(name === undefined ? [] : ['--name', name])];
}

function flagsAfter({ criteria, compareMesh, yes }: RequestedRun): string[] {
  const flags = (criteria ?? []).flatMap((criterion) => ['--expect', formatExpectation(criterion)]);
  if (compareMesh !== undefined) {
    const { rounds, blockMs, variants } = compareMesh;
    flags.push('--compare-mesh');
    if (rounds !== undefined) flags.push('--rounds', `${rounds}`);
    if (blockMs !== undefined) flags.push('--block', formatDuration(blockMs));
    if (variants !== undefined) flags.push('--variants', variants.join(','));
  }
  if (yes === true) flags.push('--yes');
  return flags;
}
