import { createHash } from 'node:crypto';
import { keyOf, keyText, type ResourceStore } from '@meshwise/resources';

/** Made by controllers from the others, with names that are different each time. */
const DERIVED: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'EndpointSlice']);

/** The same for two meshes whose resources say the same, and another when any specification, label or annotation differs. */
export async function configurationHash(store: Pick<ResourceStore, 'kinds' | 'list'>): Promise<string> {
  const kinds = (await store.kinds()).filter(({ kind }) => !DERIVED.has(kind));
  const lists = await Promise.all(kinds.map(async (kind) => (await store.list(kind)).items));
  const lines = lists.flat().map((resource) => {
    const { metadata, status: _, ...content } = resource;
    const { labels, annotations } = metadata;
    return `${keyText(keyOf(resource))} ${JSON.stringify([labels, annotations, content], sortedKeys)}`;
  });
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
