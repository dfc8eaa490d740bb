import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSyntax, type Syntax } from './syntax.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A source file, named by its path from the root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly syntax: Syntax;
}

const SOURCE = /\.(ts|tsx|mts|mjs|js)$/;
/** Not written by us, or not at all: what is installed, built, generated, or served to browsers as it is. */
const SKIPPED = new Set(['node_modules', 'dist', 'gen', 'public', '.cache']);

const cache = new Map<string, SourceFile>();

/** Every source file below `folder` of the repository, parsed once per run. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  return paths(folder).map((path) => {
    const known = cache.get(path) ?? { path, syntax: readSyntax(path, readFileSync(join(ROOT, path), 'utf8')) };
    cache.set(path, known);
    return known;
  });
}

function paths(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : paths(path);
    return !entry.name.startsWith('.') && SOURCE.test(entry.name) && !/\.d\.[cm]?ts$/.test(entry.name) ? [path] : [];
  });
}

/** Tests, what only they use, and the configuration of tools. */
export function isTestCode(path: string): boolean {
  return /\.test\.tsx?$|\/testing(\/|\.ts$)|\/tests?\/|^tests\/|\/contract\/|-contract\.ts$|\.config\.ts$/.test(path);
}
