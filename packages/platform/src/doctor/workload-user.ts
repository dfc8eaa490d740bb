import { lastWords, type RunCommand } from '../setup/run-command.ts';
import { type Check, failed, ok, warning } from './check.ts';

export interface WorkloadUserFacts {
  readonly isRoot: boolean;
  /** The user and group that workloads get when Meshwise runs as root. */
  readonly uid: number;
  /** What workloads must be able to read: programs of the samples. */
  readonly readable: readonly string[];
}

/** Prints the user, then each path that this user cannot read. */
const TRIAL = 'id -u; for path; do [ -r "$path" ] || echo "$path"; done';

/** Tries to run a program as the unprivileged user, for real: containers and user namespaces may know only a few users. */
export function workloadUserCheck(facts: WorkloadUserFacts, run: RunCommand): Check {
  const { uid } = facts;
  return {
    id: 'workload-user',
    title: 'Unprivileged user for workloads',
    async run(signal) {
      if (!facts.isRoot) return ok('workloads run as you, who are not root');
      const result = await run('/bin/sh', ['-c', TRIAL, 'sh', ...facts.readable], { uid, gid: uid, signal });
      const said = result.status === 'exited' ? result.stdout.trim().split('\n') : [];
      const [user, ...unreadable] = said;
      if (user !== String(uid)) {
        return failed(
          `no program runs as uid ${uid}: ${lastWords(result)}`,
          'The container or user namespace has to map this user (a whole range of ids, not one).',
        );
      }
      if (unreadable.length === 0) return ok(`uid ${uid}`);
      return warning(
        `uid ${uid} cannot read ${unreadable.join(', ')}`,
        'Move Meshwise out of a private home directory, or let others pass (`chmod o+x`) each directory above.',
      );
    },
  };
}
