import { MeshwiseError } from '@meshwise/core';
import type { Container } from '@meshwise/resources';
import { expand } from './expand.ts';
import { type CatalogueProgram, findImage, type ImageCatalogue, type ImageEntry } from './image-catalogue.ts';
import { type ImageReference, parseImageReference } from './image-reference.ts';

/** What a container runs. */
export interface ResolvedImage {
  readonly image: ImageReference;
  readonly entry: ImageEntry;
  /** The catalogue's program; undefined when the container's own `command` runs in its place. */
  readonly program: CatalogueProgram | undefined;
  /** The container's `command`, only if the catalogue entry allows one. */
  readonly command: readonly string[] | undefined;
  /** Arguments after the program's entry or after the command. */
  readonly args: readonly string[];
}

/**
 * What stands for a container's image, with Kubernetes' rules for `command` and `args`: `command` replaces the image's
 * program together with its default arguments, `args` replaces the default arguments alone. Returns the error instead of
 * throwing it, since it becomes the reason a container waits: MW3010 nothing is known for the image, MW3011 the entry
 * does not allow a command, MW3013 the name is no image name.
 */
export function resolveImage(catalogue: ImageCatalogue, container: Container): ResolvedImage | MeshwiseError {
  const name = container.image ?? '';
  const image = parseImageReference(name);
  if (image === undefined) {
    return new MeshwiseError('MW3013', `Container ${container.name} has no usable image`, {
      field: 'image',
      found: name === '' ? 'nothing' : name,
      expected: '[registry/]repository[:tag][@digest]',
    });
  }
  const entry = findImage(catalogue, image);
  if (entry === undefined) return unknownImage(container.name, name);
  const { command, args } = container;
  if (command === undefined || command.length === 0) {
    return { image, entry, program: entry.program, command: undefined, args: args ?? entry.program.args };
  }
  if (!entry.allowCommand) return commandRefused(container.name, name, entry);
  return { image, entry, program: undefined, command, args: args ?? [] };
}

/** `command` and `args` with $(VAR) replaced from the container's environment, as the kubelet does before it starts one. */
export function expandResolved(resolved: ResolvedImage, environment: Readonly<Record<string, string>>): ResolvedImage {
  const replace = (text: string) => expand(text, environment);
  return { ...resolved, command: resolved.command?.map(replace), args: resolved.args.map(replace) };
}

function unknownImage(container: string, image: string): MeshwiseError {
  const example = JSON.stringify({
    images: [{ match: image, program: { runtime: 'node', entry: 'server.js', args: [], env: {} } }],
  });
  return new MeshwiseError('MW3010', `No program is known for image ${image} of container ${container}`, {
    field: 'image',
    found: image,
    advice: `Workloads run as processes here, so an image has to be mapped to a program. Put this into $MESHWISE_HOME/images.json, with runtime node, python, go or exec and an entry relative to that file: ${example}`,
  });
}

function commandRefused(container: string, image: string, entry: ImageEntry): MeshwiseError {
  return new MeshwiseError('MW3011', `Container ${container} asks for a command, and image ${image} may not run one`, {
    field: 'command',
    found: image,
    advice: `A command of a manifest would run on this machine itself. Remove it, or allow it with "allowCommand": true in an entry for ${entry.match} in $MESHWISE_HOME/images.json.`,
  });
}
