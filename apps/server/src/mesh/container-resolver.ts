import { MeshwiseError } from '@meshwise/core';
import {
  type ContainerResolver,
  expandResolved,
  loadImageCatalogues,
  type ResolvedContainer,
  resolveEnvironment,
  resolveImage,
} from '@meshwise/platform';
import type { Container, Resource, ResourceStore } from '@meshwise/resources';

type EnvironmentInput = Parameters<typeof resolveEnvironment>[0];

/** Puts image catalogue, manifest and configuration together to what a container runs. Reads everything anew at each start. */
export class StoreContainerResolver implements ContainerResolver {
  readonly #store: ResourceStore;
  readonly #catalogues: readonly string[];

  constructor(store: ResourceStore, catalogues: readonly string[]) {
    this.#store = store;
    this.#catalogues = catalogues;
  }

  async resolve(pod: Resource, container: Container, podIp: string): Promise<ResolvedContainer> {
    const found = resolveImage(await loadImageCatalogues(this.#catalogues), container);
    if (found instanceof MeshwiseError) throw found;
    const { program, allowCommand } = found.entry;
    const env = resolveEnvironment({
      ...(await this.#input(pod, container, podIp, program.env)),
      allowCommand,
    });
    if (env instanceof MeshwiseError) throw env;
    const resolved = expandResolved(found, env);
    return {
      program,
      args: resolved.args,
      env,
      allowCommand,
      ...(resolved.command === undefined ? {} : { command: [...resolved.command, ...resolved.args] }),
    };
  }

  async #input(
    pod: Resource,
    container: Container,
    podIp: string,
    programEnv: Readonly<Record<string, string>>,
  ): Promise<EnvironmentInput> {
    const namespace = pod.metadata.namespace ?? 'default';
    const list = async (kind: string) => (await this.#store.list({ group: '', kind }, { namespace })).items;
    const [services, configMaps, secrets] = await Promise.all([list('Service'), list('ConfigMap'), list('Secret')]);
    const status = { ...(pod.status as object | undefined), podIP: podIp };
    return {
      pod: { ...pod, status } as EnvironmentInput['pod'],
      container,
      programEnv,
      services: services as EnvironmentInput['services'],
      configMap: (name) => strings(configMaps.find((map) => map.metadata.name === name)?.['data'], 'utf8'),
      secret: (name) => strings(secrets.find((secret) => secret.metadata.name === name)?.['data'], 'base64'),
      node: { nodeName: 'localhost', hostIp: '127.0.0.1' },
    };
  }
}

function strings(data: unknown, encoding: 'utf8' | 'base64'): Readonly<Record<string, string>> | undefined {
  if (data === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(data as object).map(([key, value]) => [
      key,
      encoding === 'utf8' ? String(value) : Buffer.from(String(value), 'base64').toString('utf8'),
    ]),
  );
}
