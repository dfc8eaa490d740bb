import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { KubeApi, KubeObject } from './kube-api.ts';
import { waitUntil } from './processes.ts';

/** Installs the CustomResourceDefinitions of a file and waits until the API server serves them. */
export async function installCrds(api: KubeApi, path: string): Promise<void> {
  const documents = parseAllDocuments(await readFile(path, 'utf8'));
  const crds = documents.map((document) => document.toJS() as KubeObject | null).filter((crd) => crd !== null);
  await Promise.all(crds.map((crd) => api.apply(crd)));
  for (const { metadata } of crds) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`;
    await waitUntil(async () => isEstablished(await api.get(path)), `${metadata.name} to be served`);
  }
}

function isEstablished(crd: KubeObject): boolean {
  const status = crd['status'] as { readonly conditions?: readonly { type: string; status: string }[] } | undefined;
  return status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') === true;
}
