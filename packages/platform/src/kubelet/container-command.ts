import { dirname } from 'node:path';
import type { Container, Resource } from '@meshwise/resources';
import type { Capture, PodSandbox, ProgramCommand } from '../capture/capture.ts';
import type { ContainerResolver } from './ports.ts';
import { launchable } from './runtime.ts';
import { containerMounts, volumeVariables } from './volumes.ts';

export interface CommandContext {
  readonly capture: Capture;
  readonly resolver: ContainerResolver;
  readonly runDirectory: string;
  readonly cacheDirectory: string;
}

export interface CommandSubject {
  readonly pod: Resource;
  readonly container: Container;
  readonly sandbox: PodSandbox;
  /** Folder of each volume of the pod. */
  readonly folders: ReadonlyMap<string, string>;
}

/**
 * The whole command of a container: program or manifest's command, environment, mounts, inside the pod. `instead` runs another
 * command in the same surroundings, for probes. Throws a MeshwiseError with the reason when it cannot be made.
 */
export async function containerCommand(
  context: CommandContext,
  { pod, container, sandbox, folders }: CommandSubject,
  instead?: readonly string[],
): Promise<ProgramCommand> {
  const { capture, resolver, cacheDirectory } = context;
  const resolved = await resolver.resolve(pod, container, sandbox.placement.podIp);
  const mounts = containerMounts(container, folders);
  const start = await launchable(resolved.program, {
    covered: mounts.map((mount) => mount.target),
    remap: capture.mountsVolumes,
    cacheDirectory,
    stateDirectory: dirname(context.runDirectory),
  });
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/tmp',
    LANG: 'C.UTF-8',
    HOSTNAME: pod.metadata.name,
    ...capture.environment(sandbox),
    ...(capture.mountsVolumes ? {} : volumeVariables(mounts, container)),
    ...resolved.env,
  };
  const argv = instead ?? resolved.command ?? [...start.argv, ...resolved.args];
  return capture.program(sandbox, { argv, env, cwd: container.workingDir ?? '/' }, [...mounts, ...start.mounts]);
}
