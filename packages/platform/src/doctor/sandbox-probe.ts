import { lastWords, type RunCommand } from '../setup/run-command.ts';

/** What the launcher could do when it tried for real; each trial is `true` or the reason why not. */
export interface SandboxProbe {
  readonly userNamespace: true | string;
  readonly networkNamespace: true | string;
  readonly redirect: true | string;
  readonly mounts: true | string;
}

/** Several checks look at one probe. */
export type ReadSandboxProbe = () => Promise<SandboxProbe | { readonly problem: string }>;

const TRIALS = ['userNamespace', 'networkNamespace', 'redirect', 'mounts'] as const;

/** Asks the launcher (`sandbox.py probe`), once however many checks want to know. */
export function sandboxProbeReader(run: RunCommand, python: string, launcherPath: string): ReadSandboxProbe {
  let probe: ReturnType<ReadSandboxProbe> | undefined;
  return () => {
    probe ??= run(python, ['-B', launcherPath, 'probe']).then((result) =>
      result.status === 'exited' && result.exitCode === 0
        ? parseProbe(result.stdout)
        : { problem: `the launcher did not answer: ${lastWords(result)}` },
    );
    return probe;
  };
}

export function parseProbe(output: string): SandboxProbe | { readonly problem: string } {
  try {
    const answer: unknown = JSON.parse(output);
    if (isProbe(answer)) return answer;
  } catch {
    // Said below: what came was not the launcher's answer.
  }
  return { problem: 'the launcher gave an answer that is not understood' };
}

function isProbe(answer: unknown): answer is SandboxProbe {
  if (typeof answer !== 'object' || answer === null) return false;
  const trials = answer as Record<string, unknown>;
  return TRIALS.every((trial) => trials[trial] === true || typeof trials[trial] === 'string');
}
