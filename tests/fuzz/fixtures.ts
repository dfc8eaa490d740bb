import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseResources, type Resource } from '@meshwise/resources';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['samples', 'docs', 'packages/meshes/src/testing/complete', 'bench/src', 'tests/cluster'];

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return filesIn(path);
    return /\.(ya?ml|md)$/.test(entry.name) ? [path] : [];
  });
}

/** Manifests in the fences of documents; whole files otherwise. */
function textsOf(path: string): readonly string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  if (!path.endsWith('.md')) return [text];
  return [...text.matchAll(/```ya?ml\n([\s\S]*?)```/g)].map(([, body = '']) => body);
}

export interface Fixture {
  readonly path: string;
  readonly text: string;
  readonly resources: readonly Resource[];
}

/** Every manifest of the repository. Resources without a namespace are in `default`. */
export const FIXTURES: readonly Fixture[] = FOLDERS.flatMap(filesIn)
  .flatMap((path) => textsOf(path).map((text) => ({ path, text })))
  .map(({ path, text }) => ({
    path,
    text,
    resources: parseResources(text, { file: path }).resources.map(({ resource }) => placed(resource)),
  }))
  .filter(({ resources }) => resources.length > 0);

function placed(resource: Resource): Resource {
  return { ...resource, metadata: { namespace: 'default', ...resource.metadata } };
}
