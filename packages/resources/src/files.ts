import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';
import { type ParseResult, parseResources } from './parse.ts';
import type { Problem } from './problem.ts';

export interface ReadFilesOptions {
  readonly limits?: Partial<ParseLimits>;
  /** Gives the text for the path '-'. Without it, '-' is an error. */
  readonly readStdin?: () => Promise<string>;
}

const extension = /\.(?:ya?ml|json)$/;

/**
 * Reads resources from files, folders (every *.yaml, *.yml and *.json below them, in the order of their paths) and standard
 * input ('-'). A path that cannot be read becomes a problem with MW1005; the other paths are read all the same.
 */
export async function readResourceFiles(
  paths: readonly string[],
  options: ReadFilesOptions = {},
): Promise<ParseResult & { readonly files: readonly string[] }> {
  const problems: Problem[] = [];
  const results: ParseResult[] = [];
  const files: string[] = [];
  const limits = options.limits === undefined ? {} : { limits: options.limits };
  for (const path of paths) {
    for await (const file of expand(path, problems)) {
      files.push(file);
      const text = await read(file, options, problems);
      if (text === undefined) continue;
      const result = parseResources(text, { file, ...limits });
      results.push(result);
      problems.push(...result.problems);
    }
  }
  return { resources: results.flatMap((result) => result.resources), problems, files };
}

async function* expand(path: string, problems: Problem[]): AsyncGenerator<string> {
  if (path === '-') {
    yield path;
    return;
  }
  try {
    if ((await stat(path)).isDirectory()) {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      const found = entries
        .filter((entry) => !entry.isDirectory() && extension.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name));
      yield* found.sort();
    } else yield path;
  } catch (error) {
    problems.push(unreadable(path, error));
  }
}

async function read(file: string, options: ReadFilesOptions, problems: Problem[]): Promise<string | undefined> {
  try {
    if (file !== '-') {
      const maxBytes = options.limits?.maxBytes ?? DEFAULT_LIMITS.maxBytes;
      // Asked before reading: a file of gigabytes must not be loaded to be refused.
      if ((await stat(file)).size > maxBytes) {
        problems.push({ code: 'MW1002', severity: 'error', message: `The file has more than ${maxBytes} bytes`, file });
        return undefined;
      }
      return await readFile(file, 'utf8');
    }
    if (options.readStdin !== undefined) return await options.readStdin();
    throw new MeshwiseError('MW1005', 'standard input is not available here');
  } catch (error) {
    problems.push(unreadable(file, error));
    return undefined;
  }
}

function unreadable(file: string, error: unknown): Problem {
  const code = (error as { code?: unknown }).code;
  const reason =
    code === 'ENOENT'
      ? 'There is no such file or folder'
      : code === 'EACCES'
        ? 'The file may not be read'
        : `The path cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  return { code: 'MW1005', severity: 'error', message: reason, file };
}
