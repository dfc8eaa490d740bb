import type { Clock } from '@meshwise/core';
import { locateEnvoy, whatPreventsFetching } from '../setup/ensure-envoy.ts';
import { defaultCacheDirectory } from '../setup/envoy-cache.ts';
import { findOnPath } from '../setup/find-on-path.ts';
import { runCommand } from '../setup/run-command.ts';
import { captureCheck, mountsCheck } from './capture.ts';
import type { Check } from './check.ts';
import { chromiumCheck } from './chromium.ts';
import { type DaemonLock, daemonCheck } from './daemon.ts';
import { diskSpaceCheck } from './disk-space.ts';
import { envoyCheck } from './envoy.ts';
import { type Leftover, leftoversCheck } from './leftovers.ts';
import { memoryCheck } from './memory.ts';
import { nodeVersionCheck } from './node-version.ts';
import { npmVersionCheck } from './npm-version.ts';
import { platformCheck } from './platform.ts';
import { findPortHolder } from './port-holder.ts';
import { portCheck, type WantedPort } from './ports.ts';
import { pythonCheck } from './python.ts';
import { sandboxProbeReader } from './sandbox-probe.ts';
import { stateDirectoryCheck } from './state-directory.ts';
import { freeBytes, glibcVersion, procReaders, tryToListen } from './system-readers.ts';
import { timeCheck } from './time.ts';
import { userNamespacesCheck } from './user-namespaces.ts';
import { workloadUserCheck } from './workload-user.ts';

export interface StandardChecksOptions {
  readonly clock: Clock;
  /** $MESHWISE_HOME. */
  readonly stateDirectory: string;
  /** `packages/platform/launcher/sandbox.py`. */
  readonly launcherPath: string;
  /** Ports that `meshwise up` would take. */
  readonly ports: readonly WantedPort[];
  /** Processes of the Meshwise that runs, which may hold those ports. Default: none. */
  readonly ownPids?: ReadonlySet<number>;
  /** Default: nobody holds the state directory. */
  readonly readLock?: () => Promise<DaemonLock | undefined>;
  /** Default: nothing is looked for. */
  readonly findLeftovers?: () => Promise<readonly Leftover[]>;
  /** A time that is certainly past; default: none known. */
  readonly latestKnownMs?: () => Promise<number | undefined>;
  /** Files that workloads must be able to read. Default: none. */
  readonly readableByWorkloads?: readonly string[];
  /** User of workloads when running as root. Default 65534, `nobody`. */
  readonly workloadUid?: number;
  /** Where Envoy is kept. Default as for `ensureEnvoy`. */
  readonly cacheDir?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const NOBODY = 65_534;

/** Every check, on this machine, in the order in which people fix things. */
export function standardChecks(options: StandardChecksOptions): readonly Check[] {
  const env = options.env ?? process.env;
  const cacheDir = options.cacheDir ?? defaultCacheDirectory(env);
  const envoyOptions = { env, cacheDir };
  const isRoot = process.geteuid?.() === 0;
  const probe = sandboxProbeReader(runCommand, 'python3', options.launcherPath);
  const portReaders = {
    tryToListen,
    holderOf: (port: number) => findPortHolder(port, procReaders),
    ownPids: options.ownPids ?? new Set<number>(),
  };
  const workloadUser = {
    isRoot,
    uid: options.workloadUid ?? NOBODY,
    readable: options.readableByWorkloads ?? [],
  };
  return [
    platformCheck({ platform: process.platform, arch: process.arch, glibc: glibcVersion() }),
    nodeVersionCheck(process.version),
    npmVersionCheck(runCommand),
    pythonCheck(runCommand),
    envoyCheck({
      locate: () => locateEnvoy(envoyOptions),
      whatPreventsFetching: () => whatPreventsFetching(envoyOptions),
    }),
    userNamespacesCheck({ probe, isRoot, readText: procReaders.readText }),
    captureCheck(probe),
    mountsCheck(probe),
    workloadUserCheck(workloadUser, runCommand),
    stateDirectoryCheck(options.stateDirectory),
    daemonCheck(options.readLock ?? (async () => undefined)),
    leftoversCheck(options.findLeftovers ?? (async () => [])),
    ...options.ports.map((wanted) => portCheck(wanted, portReaders)),
    diskSpaceCheck('state-space', 'Space for state', options.stateDirectory, freeBytes),
    diskSpaceCheck('cache-space', 'Space for Envoy', cacheDir, freeBytes),
    memoryCheck(() => process.availableMemory()),
    timeCheck(options.clock, options.latestKnownMs ?? (async () => undefined)),
    chromiumCheck((name) => findOnPath(name, env)),
  ];
}
