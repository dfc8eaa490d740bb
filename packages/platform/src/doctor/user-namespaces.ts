import { type Check, ok, unknown, warning } from './check.ts';
import type { ReadSandboxProbe } from './sandbox-probe.ts';

export interface UserNamespaceReaders {
  readonly probe: ReadSandboxProbe;
  readonly isRoot: boolean;
  /** Content of a file; undefined when it cannot be read. */
  readText(path: string): Promise<string | undefined>;
}

/** Settings that forbid user namespaces, the value that does, and how to change it. */
const SWITCHES = [
  {
    path: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    found: 'kernel.unprivileged_userns_clone is 0',
    advice: 'Allow them with `sysctl kernel.unprivileged_userns_clone=1`, or run Meshwise as root.',
  },
  {
    path: '/proc/sys/user/max_user_namespaces',
    forbids: '0',
    found: 'user.max_user_namespaces is 0',
    advice: 'Allow them with `sysctl user.max_user_namespaces=15000`, or run Meshwise as root.',
  },
  {
    path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    found: 'AppArmor restricts them (kernel.apparmor_restrict_unprivileged_userns is 1)',
    advice:
      'Allow them with `sysctl kernel.apparmor_restrict_unprivileged_userns=0` or an AppArmor profile, or run Meshwise as root.',
  },
] as const;

/**
 * Without root, capture needs a user namespace with its own capabilities. The trial decides; the settings only explain.
 * Ubuntu's AppArmor lets the namespace be made and then refuses what it is for, so both trials count.
 */
export function userNamespacesCheck(readers: UserNamespaceReaders): Check {
  return {
    id: 'user-namespaces',
    title: 'User namespaces',
    async run() {
      if (readers.isRoot) return ok('not needed: running as root');
      const probe = await readers.probe();
      if ('problem' in probe) return unknown(probe.problem);
      const trial = probe.userNamespace === true ? probe.networkNamespace : probe.userNamespace;
      if (trial === true) return ok('allowed');
      for (const { path, forbids, found, advice } of SWITCHES) {
        if ((await readers.readText(path))?.trim() === forbids) return warning(found, advice);
      }
      return warning(
        trial,
        'Run Meshwise as root, or in a container that allows user namespaces; else capture is `loopback`.',
      );
    },
  };
}
