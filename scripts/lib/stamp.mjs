import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One hash over the names and contents of files and of all files below directories, tests and build output left out. */
export function hashOf(root, paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesBelow(join(root, path))).sort()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.endsWith('.test.ts')) return [];
    return filesBelow(join(path, entry.name));
  });
}

/** The folders of ours that a workspace is built from: itself and, by its dependencies, other workspaces. */
export function sourcesOf(root, workspace, scope = '@meshwise/') {
  const folders = new Map();
  for (const path of readJson(join(root, 'package.json')).workspaces) {
    folders.set(readJson(join(root, path, 'package.json')).name, path);
  }
  const sources = new Set();
  const visit = (path) => {
    if (sources.has(path)) return;
    sources.add(path);
    const { dependencies = {} } = readJson(join(root, path, 'package.json'));
    for (const name of Object.keys(dependencies)) {
      if (name.startsWith(scope) && folders.has(name)) visit(folders.get(name));
    }
  };
  visit(workspace);
  return [...sources].sort();
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
