import { posix } from 'node:path';
import type { Room } from './house.ts';
import { isTestCode, type SourceFile } from './source-files.ts';
import { COMPUTED, type Import } from './syntax.ts';

/** The parts of a package.json that the rules read. */
export interface Manifest {
  readonly name?: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** All that the rules look at; made up in the tests that show that a rule can fail. */
export interface Repository {
  readonly house: readonly Room[];
  /** By folder of the room; '' is the root's. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly files: readonly SourceFile[];
  readonly beforeInstall: readonly string[];
}

type Rule = (repository: Repository) => Iterable<string>;

/** Who uses whom: through package names only, and only what the house allows. */
export const directions: Rule = function* (repository) {
  for (const { file, room, at, target } of eachImport(repository)) {
    if (target?.by === 'package' && target.room !== room && !room.uses.includes(target.room.folder)) {
      yield `${at}: ${room.folder} must not use ${target.room.folder}`;
    }
    if (target?.by === 'path' && target.folder !== room.folder) {
      const borrows = room.borrowsTestHelpers === true && isTestCode(target.path);
      const reachable = borrows || (room.reachesInto ?? []).includes(target.folder);
      if (!reachable) yield `${at}: reaches out of ${room.folder} by path into ${target.path}`;
    }
    const inside = (path: string) => room.separate?.find((part) => path.startsWith(`${room.folder}/${part}/`));
    if (target?.by === 'path') {
      const [from, to] = [inside(file.path), inside(target.path)];
      if (from !== undefined && to !== undefined && from !== to) yield `${at}: ${from} must not use ${to}`;
    }
  }
};

/** Only what a package's `exports` names can be had from it. */
export const entries: Rule = function* (repository) {
  for (const { at, target } of eachImport(repository)) {
    if (target?.by !== 'package' || target.entry in (target.manifest.exports ?? {})) continue;
    yield `${at}: ${target.manifest.name} exports no ${target.entry}`;
  }
};

/**
 * Every package that is imported stands in the importing room's own package.json. What does not ship may also use
 * devDependencies, its own and the root's; types do not ship.
 */
export const declarations: Rule = function* (repository) {
  const root = repository.manifests.get('');
  for (const { file, room, at, found } of eachImport(repository)) {
    const name = packageName(found.specifier);
    if (name === undefined) continue;
    const own = repository.manifests.get(room.folder);
    const declared = own === undefined ? [] : [own.dependencies];
    if (isTestCode(file.path) || found.typeOnly || own === undefined)
      declared.push(own?.devDependencies, root?.devDependencies);
    const isOurs = [...repository.manifests.values()].some((manifest) => manifest.name === name);
    if (own === undefined && isOurs) continue;
    if (own?.name === name || declared.some((list) => list !== undefined && name in list)) continue;
    yield `${at}: ${room.folder}/package.json does not declare ${name}`;
  }
};

/** Whatever a package declares of ours, it uses, so that the manifests are a picture of the house too. */
export const unusedDeclarations: Rule = function* (repository) {
  const names = new Set([...repository.manifests.values()].map((manifest) => manifest.name));
  for (const room of repository.house) {
    const used = new Set(filesOf(repository, room).flatMap(({ syntax }) => syntax.imports.map(specifierPackage)));
    for (const name of Object.keys(repository.manifests.get(room.folder)?.dependencies ?? {})) {
      if (names.has(name) && !used.has(name)) yield `${room.folder}/package.json declares ${name} and does not use it`;
    }
  }
};

/** What ships uses nothing of what only tests need. */
export const shippedCode: Rule = function* (repository) {
  const isEntry = (path: string) =>
    [...repository.manifests].some(([folder, { exports = {} }]) =>
      Object.values(exports).some((entry) => posix.join(folder, entry) === path),
    );
  for (const { file, at, target } of eachImport(repository)) {
    if (isTestCode(file.path) || isEntry(file.path) || target === undefined) continue;
    const isTest = target.by === 'path' ? isTestCode(target.path) : target.entry === './testing';
    if (isTest) yield `${at}: what ships must not use what is for tests`;
  }
};

/** Nothing that a page loads needs Node: neither `node:` modules nor Node's globals. */
export const browser: Rule = function* (repository) {
  const files = new Map(repository.files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const look = function* (path: string): Generator<string> {
    const file = files.get(path);
    if (file === undefined || seen.has(path)) return;
    seen.add(path);
    for (const { text, line } of file.syntax.globals) {
      if (NODE_GLOBALS.has(text)) yield `${path}:${line}: a page loads this, and ${text} is Node's`;
    }
    for (const found of file.syntax.imports) {
      if (found.typeOnly) continue;
      if (found.specifier.startsWith('node:'))
        yield `${path}:${found.line}: a page loads this, and ${found.specifier} is Node's`;
      const target = resolve(repository, path, found.specifier);
      if (target?.by === 'path') yield* look(target.path);
    }
  };
  for (const room of repository.house.filter((one) => one.browser)) yield* look(`${room.folder}/src/index.ts`);
};

const NODE_GLOBALS = new Set(['process', 'Buffer', '__dirname', '__filename', 'require']);

/** What runs before `npm install` finds nothing but Node and its own files, and what it loads is plain JavaScript. */
export const bootstrap: Rule = function* (repository) {
  for (const { file, at, found } of eachImport(repository)) {
    if (!repository.beforeInstall.some((folder) => file.path.startsWith(folder)) || !file.path.endsWith('.mjs'))
      continue;
    if (found.specifier === COMPUTED || /^node:|^\..*\.mjs$/.test(found.specifier)) continue;
    yield `${at}: runs before anything is installed, and ${found.specifier} may not be there`;
  }
};

/** An import whose target is computed escapes every rule here, so each has to be known. */
export function computedImports(repository: Repository): readonly string[] {
  return [...eachImport(repository)].filter(({ found }) => found.specifier === COMPUTED).map(({ file }) => file.path);
}

type Target =
  | { readonly by: 'package'; readonly room: Room; readonly manifest: Manifest; readonly entry: string }
  | { readonly by: 'path'; readonly path: string; readonly folder: string };

function* eachImport(repository: Repository) {
  for (const room of repository.house) {
    for (const file of filesOf(repository, room)) {
      for (const found of file.syntax.imports) {
        const target = resolve(repository, file.path, found.specifier);
        yield { file, room, found, target, at: `${file.path}:${found.line}` };
      }
    }
  }
}

function filesOf(repository: Repository, room: Room): readonly SourceFile[] {
  return repository.files.filter(({ path }) => path.startsWith(`${room.folder}/`));
}

/** What of ours an import means; undefined for Node's modules and other people's packages. */
function resolve(repository: Repository, from: string, specifier: string): Target | undefined {
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(from), specifier);
    const room = repository.house.find(({ folder }) => path.startsWith(`${folder}/`));
    return { by: 'path', path, folder: room?.folder ?? posix.dirname(path) };
  }
  for (const [folder, manifest] of repository.manifests) {
    const { name } = manifest;
    const room = repository.house.find((one) => one.folder === folder);
    if (name === undefined || room === undefined) continue;
    if (specifier === name || specifier.startsWith(`${name}/`)) {
      return { by: 'package', room, manifest, entry: `.${specifier.slice(name.length)}` };
    }
  }
  return undefined;
}

function specifierPackage(found: Import): string | undefined {
  return packageName(found.specifier);
}

function packageName(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || specifier === COMPUTED) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
