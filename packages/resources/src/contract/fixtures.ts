import { MeshwiseError } from '@meshwise/core';
import { expect } from 'vitest';
import type { ObjectMeta, Resource } from '../resource.ts';
import type { WatchEvent } from '../store.ts';

export const configMaps = { group: '', kind: 'ConfigMap' };
export const deployments = { group: 'apps', kind: 'Deployment' };

let counter = 0;

/** A name that no other test of this run has. */
export function freshName(prefix = 'contract'): string {
  counter++;
  return `${prefix}-${counter.toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}

export function configMap(
  namespace: string,
  data: Readonly<Record<string, string>>,
  metadata: Partial<ObjectMeta> = {},
): Resource {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: freshName(), namespace, ...metadata }, data };
}

export interface ContainerInput {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

export function deployment(
  namespace: string,
  name: string,
  fields: { readonly replicas?: number; readonly containers: readonly ContainerInput[] },
): Resource {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      ...(fields.replicas === undefined ? {} : { replicas: fields.replicas }),
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: fields.containers } },
    },
  };
}

export function dataOf(resource: Resource | undefined): unknown {
  return resource?.['data'];
}

export function containersOf(resource: Resource | undefined): readonly ContainerInput[] {
  const spec = resource?.spec as { template?: { spec?: { containers?: readonly ContainerInput[] } } } | undefined;
  return spec?.template?.spec?.containers ?? [];
}

export async function expectCode(code: string, promise: Promise<unknown>): Promise<MeshwiseError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MeshwiseError);
  expect((error as MeshwiseError).code).toBe(code);
  return error as MeshwiseError;
}

/** Reads events (without bookmarks) until there are enough or the time is up. */
export async function take(
  watch: (signal: AbortSignal) => AsyncIterable<WatchEvent>,
  count: number,
  timeoutMs = 5000,
): Promise<Exclude<WatchEvent, { type: 'BOOKMARK' }>[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  const events: Exclude<WatchEvent, { type: 'BOOKMARK' }>[] = [];
  for await (const event of watch(signal)) {
    if (event.type !== 'BOOKMARK') events.push(event);
    if (events.length >= count) break;
  }
  return events;
}
