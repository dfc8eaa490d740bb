import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Resource } from '@meshwise/resources';
import { parseAllDocuments } from 'yaml';
import { ROOT } from './machine.ts';

/** Text of one of BookInfo's manifests, as `networking/all-v1`. */
export async function manifest(name: string): Promise<string> {
  return readFile(join(ROOT, 'samples/bookinfo/manifests', `${name}.yaml`), 'utf8');
}

/** BookInfo's Deployment of that name, changed; JSON is YAML. */
export async function deployment(name: string, change: (spec: DeploymentSpec) => void): Promise<string> {
  const documents = parseAllDocuments(await manifest('bookinfo')).map((document) => document.toJS() as Resource);
  const found = documents.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
  if (found === undefined) throw new Error(`BookInfo has no Deployment ${name}`);
  change(found.spec as unknown as DeploymentSpec);
  return JSON.stringify(found);
}

export interface DeploymentSpec {
  replicas: number;
  template: {
    metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
    spec: { containers: { name: string; image: string; env?: { name: string; value: string }[] }[] };
  };
}

/** Namespace-wide mutual TLS. */
export function peerAuthentication(mode: 'STRICT' | 'PERMISSIVE'): string {
  return JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'default' },
    spec: { mtls: { mode } },
  });
}
