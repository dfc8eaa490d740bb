import { dirname } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import type { Container, PodSpec, Resource } from '@meshwise/resources';
import type { Capture, PodSandbox, ProgramCommand } from '../capture/capture.ts';
import { refuseCodeMounts } from './code-paths.ts';
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
  if (!resolved.allowCommand) refuseCommands(container, instead);
  const mounts = containerMounts(pod.spec as PodSpec, container, folders);
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

/** A manifest's command is a command wherever it stands, and so is code that it mounts over the program's. */
function refuseCommands(container: Container, instead: readonly string[] | undefined): void {
  refuseCodeMounts(container);
  const { startupProbe, readinessProbe, livenessProbe } = container;
  const probes = Object.entries({ startupProbe, readinessProbe, livenessProbe });
  const field = instead === undefined ? probes.find(([, probe]) => probe?.exec !== undefined)?.[0] : 'command';
  if (field === undefined) return;
  throw new MeshwiseError('MW3011', `Container ${container.name} asks for a command, and its image may not run one`, {
    field,
    found: container.image ?? '',
  });
}
