import { readFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import { matchesImage, specificity } from './image-glob.ts';
import type { ImageReference } from './image-reference.ts';

export const RUNTIMES = ['node', 'python', 'go', 'exec', 'path'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** What runs in place of an image. */
export interface CatalogueProgram {
  readonly runtime: Runtime;
  /** Absolute path of the script, Go main file or executable; of runtime `path` the name that the machine has it under. */
  readonly entry: string;
  /** The folder of the catalogue, which holds the entry and all it loads. */
  readonly root: string;
  /** What the image's CMD would be: replaced by a container's `args`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How to install what runtime `path` names, for whoever has it not. */
  readonly install?: string;
}

export interface ImageEntry {
  readonly match: string;
  readonly program: CatalogueProgram;
  /** Whether a container's `command` may run in place of the program. Default false. */
  readonly allowCommand: boolean;
  readonly describes: string;
  /** The file the entry is from. */
  readonly file: string;
}

/** Which program stands for an image: the entries of several files, of which later files win over earlier ones. */
export interface ImageCatalogue {
  readonly files: readonly (readonly ImageEntry[])[];
}

/**
 * Reads catalogue files, those with the last word last: the samples' first, the user's own (`$MESHWISE_HOME/images.json`)
 * after. A file that does not exist counts as empty, since the user's own is optional. Throws MW3012 for one that cannot
 * be read or understood.
 */
export async function loadImageCatalogues(files: readonly string[]): Promise<ImageCatalogue> {
  return { files: await Promise.all(files.map(load)) };
}

async function load(file: string): Promise<readonly ImageEntry[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new MeshwiseError('MW3012', 'The file cannot be read', { file }, { cause: error });
  }
  return parseImageCatalogue(text, file);
}

/** The entries of one file; relative entries are relative to the file and stay in its folder. */
export function parseImageCatalogue(text: string, file: string): readonly ImageEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MeshwiseError('MW3012', 'The file is not JSON', { file }, { cause: error });
  }
  const images = isObject(value) ? value['images'] : undefined;
  if (!Array.isArray(images)) throw wrong(file, 'images', images, 'a list');
  return images.map((image: unknown, index) => readEntry(image, file, `images[${index}]`));
}

/** The entry for an image: of the last file that has one, the most specific pattern, of equal ones the last. */
export function findImage(catalogue: ImageCatalogue, image: ImageReference): ImageEntry | undefined {
  for (const entries of catalogue.files.toReversed()) {
    const matching = entries.filter((entry) => matchesImage(entry.match, image));
    const best = matching.toReversed().sort((a, b) => specificity(b.match) - specificity(a.match))[0];
    if (best !== undefined) return best;
  }
  return undefined;
}

function readEntry(value: unknown, file: string, field: string): ImageEntry {
  if (!isObject(value)) throw wrong(file, field, value, 'an object');
  const { match, program, allowCommand = false, describes = '' } = value;
  if (typeof match !== 'string' || match === '') throw wrong(file, `${field}.match`, match, 'an image name or pattern');
  if (!isObject(program)) throw wrong(file, `${field}.program`, program, 'an object');
  if (typeof allowCommand !== 'boolean') throw wrong(file, `${field}.allowCommand`, allowCommand, 'true or false');
  if (typeof describes !== 'string') throw wrong(file, `${field}.describes`, describes, 'a text');
  return { match, program: readProgram(program, file, `${field}.program`), allowCommand, describes, file };
}

function readProgram(value: Record<string, unknown>, file: string, field: string): CatalogueProgram {
  const { entry, args = [], env = {}, install } = value;
  const runtime = RUNTIMES.find((known) => known === value['runtime']);
  if (runtime === undefined) throw wrong(file, `${field}.runtime`, value['runtime'], RUNTIMES.join(', '));
  if (typeof entry !== 'string' || entry === '') throw wrong(file, `${field}.entry`, entry, 'a path');
  if (!isTextList(args)) throw wrong(file, `${field}.args`, args, 'a list of texts');
  if (!isObject(env) || !isTextList(Object.values(env))) throw wrong(file, `${field}.env`, env, 'texts by name');
  if (install !== undefined && typeof install !== 'string') throw wrong(file, `${field}.install`, install, 'a text');
  const root = dirname(resolve(file));
  const rest = { root, args, env: env as Readonly<Record<string, string>> };
  if (runtime === 'path') {
    if (!/^[\w][\w.-]*$/.test(entry)) throw wrong(file, `${field}.entry`, entry, 'the name of an executable');
    return { runtime, entry, ...rest, ...(install === undefined ? {} : { install }) };
  }
  const path = resolve(root, entry);
  // An absolute entry is the author's own choice; a relative one that leaves the folder is a mistake or worse.
  if (!entry.startsWith(sep) && !path.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw wrong(file, `${field}.entry`, entry, 'a path inside the folder of the file');
  }
  return { runtime, entry: path, ...rest };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function wrong(file: string, field: string, found: unknown, expected: string): MeshwiseError {
  const details = { file, field, found: JSON.stringify(found) ?? 'nothing', expected };
  return new MeshwiseError('MW3012', 'The image catalogue has a mistake', details);
}
